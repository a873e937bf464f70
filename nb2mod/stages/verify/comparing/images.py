"""Pictures compared pixel by pixel after decoding. Pillow is used here and nowhere else.

Two runs on one machine draw the same picture to the bit, so the tolerance is small: it covers rounding (anti-aliasing, JPEG) and
nothing that a person could see. A pixel differs when a channel is more than `CHANNEL` of 255 apart, and no pixel may; a faint
change all over is caught by the root mean square, the measure of `matplotlib.testing.compare` (which asks for 0 by default).
"""

import io
import math
import warnings
from base64 import b64decode
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from nb2mod.stages.verify.comparing.noise import Compared

if TYPE_CHECKING:
    from PIL.Image import Image

CHANNEL = 8  # of 255
RMS = 1.0  # of 255
PIXELS = 50_000_000  # all frames together; larger pictures are compared by their bytes
FRAMES = 200
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
TILE = 8  # noise is looked at in squares of this size
CUT = 0.02  # of its width or height: how much a picture of random data may be cut otherwise
REACH = 2  # squares around a noisy one that belong to the same patch of noise

Box = tuple[int, int, int, int]


def compare_images(olds: Sequence[str], new: str) -> Compared:
    """Whether the picture (base64, as in a notebook) shows what the old ones agree on.

    Where old pictures differ, the rectangles around what differs are noise; when they differ in size, all of it is.
    """
    raws, raw = [_bytes(text) for text in olds], _bytes(new)
    noisy = any(other != raws[0] for other in raws)
    if raw in raws:
        return Compared(noisy)
    pictures, picture = [_decoded(other) for other in raws], _decoded(raw)
    if picture is None or any(other is None for other in pictures):
        return Compared(noisy) if noisy else Compared(False, True, *_unreadable(raws[0], raw))
    known = [frames for frames in pictures if frames is not None]
    sizes = {_sizes(frames) for frames in known}
    if len(sizes) > 1:
        return Compared(True)
    if _sizes(picture) not in sizes:
        if any(frames != known[0] for frames in known) and _nearly(_sizes(known[0]), _sizes(picture)):
            return Compared(True)
        return Compared(noisy, True, _described(known[0]), _described(picture))
    return _compare_frames(known, picture)


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        return text.encode("utf-8", "surrogatepass")


def _decoded(raw: bytes) -> "list[Image] | None":
    """The frames with colours multiplied by their opacity, or None: not an image, broken, or too large to be decoded."""
    from PIL import Image, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                count = getattr(image, "n_frames", 1)
                if count > FRAMES or image.width * image.height * count > PIXELS:
                    return None
                return [frame.convert("RGBA").convert("RGBa") for frame in ImageSequence.Iterator(image)]
    except Exception:  # a decoder fed with broken bytes raises whatever comes up, SyntaxError and struct.error among it
        return None


def _sizes(frames: "Sequence[Image]") -> tuple[tuple[int, int], ...]:
    return tuple(frame.size for frame in frames)


def _unreadable(old: bytes, new: bytes) -> tuple[str, str]:
    limit = min(len(old), len(new))
    at = next((index for index in range(limit) if old[index] != new[index]), limit)
    return (
        f"{len(old)} bytes that are not compared as a picture",
        f"{len(new)} bytes that are not compared as a picture, others than before from byte {at + 1} on",
    )


def _nearly(sizes: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    """Sizes as apart as labels make them: a picture is cut to what it shows, and random data have other ticks each time."""
    pairs = zip(chain.from_iterable(sizes), chain.from_iterable(others), strict=False)
    return len(sizes) == len(others) and all(abs(one - other) <= CUT * one for one, other in pairs)


def _described(frames: "Sequence[Image]") -> str:
    width, height = frames[0].size
    return f"{width} × {height} pixels" + (f", {len(frames)} frames" if len(frames) > 1 else "")


def _compare_frames(olds: "Sequence[Sequence[Image]]", new: "Sequence[Image]") -> Compared:
    noisy = False
    for index, frame in enumerate(new):
        first, *others = [frames[index] for frames in olds]
        patches = _patches([_unlike(first, other, CHANNEL // 2) for other in others])
        noisy |= bool(patches)
        if frame.tobytes() in (old[index].tobytes() for old in olds):
            continue
        wrong = _without(_unlike(first, frame, CHANNEL), patches)
        box = wrong.getbbox()
        if box is not None:
            count = wrong.histogram()[255]
            after = f"{_described(new)}: {_share(count, frame.size)} differ, within {_place(box)}"
            return Compared(noisy, True, _described(olds[0]), _of_frame(after, index, len(new)))
        rms = _rms(first, frame, patches)
        if rms > RMS:
            after = f"{_described(new)}: all a little different, by {rms:.1f} of 255 (root mean square)"
            return Compared(noisy, True, _described(olds[0]), _of_frame(after, index, len(new)))
    return Compared(noisy)


def _of_frame(text: str, index: int, count: int) -> str:
    return text if count == 1 else f"{text} (frame {index + 1})"


def _share(count: int, size: tuple[int, int]) -> str:
    share = 100 * count / (size[0] * size[1])
    return f"{count} ({share:.2g} %)" if share < 100 else "all"


def _place(box: Box) -> str:
    return f"columns {box[0] + 1}–{box[2]}, rows {box[1] + 1}–{box[3]}"


def _unlike(one: "Image", other: "Image", tolerance: int) -> "Image":
    """White where a channel is more than `tolerance` apart, else black."""
    from PIL import ImageChops

    # "RGBa" has no arithmetic of its own in Pillow; its four channels have.
    channels = [ImageChops.difference(a, b) for a, b in zip(one.split(), other.split(), strict=True)]
    most = channels[0]
    for channel in channels[1:]:
        most = ImageChops.lighter(most, channel)
    return most.point([0] * (tolerance + 1) + [255] * (255 - tolerance))


def _patches(masks: "Sequence[Image]") -> list[Box]:
    """Rectangles of noise, in pixels. Random points fall elsewhere each time, so a patch is what stands around them.

    The picture is cut into squares; noisy squares that are near each other make one patch.
    """
    tiles: set[tuple[int, int]] = set()
    for mask in masks:
        if mask.getbbox() is None:
            continue
        # reduce() takes means: a single white pixel of a square would come to 4 of 255, never to 0.
        small = mask.reduce(TILE)
        width, data = small.width, small.tobytes()
        tiles |= {(at % width, at // width) for at, value in enumerate(data) if value}
    patches = []
    while tiles:
        group = _near(tiles)
        tiles -= group
        columns, rows = [x for x, _ in group], [y for _, y in group]
        patches.append((min(columns) * TILE, min(rows) * TILE, (max(columns) + 1) * TILE, (max(rows) + 1) * TILE))
    return patches


def _near(tiles: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    left = set(tiles)
    todo = [left.pop()]
    group = set(todo)
    steps = [(x, y) for x in range(-REACH, REACH + 1) for y in range(-REACH, REACH + 1)]
    while todo:
        column, row = todo.pop()
        near = {(column + x, row + y) for x, y in steps} & left
        left -= near
        group |= near
        todo += near
    return group


def _without(mask: "Image", patches: Iterable[Box]) -> "Image":
    for left, top, right, bottom in patches:
        mask.paste(0, (left, top, min(right, mask.width), min(bottom, mask.height)))
    return mask


def _rms(one: "Image", other: "Image", patches: Iterable[Box]) -> float:
    from PIL import ImageChops

    total = 0.0
    boxes = list(patches)
    for a, b in zip(one.split(), other.split(), strict=True):
        counts = _without(ImageChops.difference(a, b), boxes).histogram()
        total += sum(count * value * value for value, count in enumerate(counts))
    return math.sqrt(total / (4 * one.width * one.height))
