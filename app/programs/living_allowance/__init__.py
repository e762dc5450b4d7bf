"""低保, the minimum-living allowance: families whose income per head lies below the local standard."""
