"""人社: pensions, insured wages, unemployment benefit. Paged JSON in Chinese words."""
