"""Every connector against its sandbox, over HTTP, with faults before and after the effect."""
