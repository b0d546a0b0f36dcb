"""Tools for those who write rules: the annex, the rule sheet, differences, observed findings, a first draft."""
