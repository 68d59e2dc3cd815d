"""What all tests share."""

import torch

# As jobs do: two threads on two busy cores wait for each other.
torch.set_num_threads(1)
