"""What several test files share: cases on disk, notebooks run in a fresh process, the rules of the architecture.

No test lives here, and nothing the product needs.
"""
