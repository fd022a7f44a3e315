"""MiniLM with pooling and normalising inside, for torch and for the export that onnxruntime and OpenVINO read."""
import torch
from transformers import BertModel


class Sentence(torch.nn.Module):
    """ids i64 [B, T], all of one length -> f32 [B, 384]."""

    def __init__(self, folder, attention="sdpa"):
        super().__init__()
        self.bert = BertModel.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention).eval()

    def forward(self, ids):
        mean = self.bert(input_ids=ids).last_hidden_state.mean(1)
        return mean / mean.norm(dim=-1, keepdim=True)
