"""刚性支出困难家庭, rigid-expense families: above the other lines, and left with little by what must be spent."""
