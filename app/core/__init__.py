"""Technical ground floor: no project imports. Database, crypto, clock, errors, lifecycle, money, ids, paging."""
