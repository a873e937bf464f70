"""What differs between runs of a notebook before and after a change, but for what differs between two runs before it. Pure.

compare ─┬─ outputs ── bundles ─┬─ markup, json_values, images
         ├─ warned              └─ noise ── noisy_lines, line_patterns                text, with holes where old runs differ
         └─ namespaces             terminal, meaningless, module_names                text, brought to what it means
                                   chance, aligning, tokens                           what both are made with
"""

from nb2mod.stages.verify.comparing.compare import Comparison, compare

__all__ = ["Comparison", "compare"]
