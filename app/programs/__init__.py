"""The rules of each aid program, as pure functions over declared answers, verified facts and dated parameters."""
