"""Terraform: .tf files, and the output of `terraform show -json`."""
