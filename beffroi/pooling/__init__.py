"""Cost shares, joint programme, group purchases, coverage of needs."""
