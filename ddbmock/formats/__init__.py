"""What files and objects look like: readers and writers of each format."""

from __future__ import annotations
