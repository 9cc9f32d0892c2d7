"""Starting and talking to the product; not needed by anything else."""
