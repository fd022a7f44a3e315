"""Matrix products by ncnn's Gemm through Vulkan, on the driver that $VK_ICD_FILENAMES names (or the only one)."""
import tempfile
from pathlib import Path

import ncnn
import numpy as np

import measure

SHAPES = [(457, 1152, 288), (1024, 1024, 1024)]


def net_of(m, n, k, folder):
    """A net with one Gemm: a [m, k] is the input, b [n, k] a constant, out = a b^T."""
    param = Path(folder) / "gemm.param"
    param.write_text("7767517\n2 2\nInput a 0 1 a\n"
                     f"Gemm gemm 1 1 a out 0=1.0 1=1.0 2=0 3=1 4=0 5=1 6=1 7=0 8={n} 9={k} 10=-1\n")
    weights = np.random.default_rng(1).standard_normal((n, k), dtype=np.float32)
    (Path(folder) / "gemm.bin").write_bytes(b"\0\0\0\0" + weights.tobytes())  # a flag of four zero bytes: float32 follows
    net = ncnn.Net()
    net.opt.use_vulkan_compute = True
    net.opt.num_threads = measure.THREADS
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = net.opt.use_bf16_storage = False
    net.load_param(str(param))
    net.load_model(str(Path(folder) / "gemm.bin"))
    return net, weights


def main():
    if ncnn.get_gpu_count() == 0:
        raise SystemExit("no Vulkan device")
    figures = {}
    for m, n, k in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            net, weights = net_of(m, n, k, folder)
        a = np.random.default_rng(2).standard_normal((m, k), dtype=np.float32)

        def run():
            with net.create_extractor() as extractor:
                extractor.input("a", ncnn.Mat(a))
                return np.array(extractor.extract("out")[1])
        out = run().reshape(m, n)
        if np.abs(out - a @ weights.T).max() > 1e-2:
            raise SystemExit("not the product")
        figures[f"vulkan.matmul_{m}_{n}_{k}_gflops"] = 2 * m * n * k / measure.median_s(run, seconds=3, least=3) / 1e9
        net.clear()
    measure.say(f"ncnn {ncnn.__version__} ({ncnn.get_gpu_info(0).device_name()})", figures)


if __name__ == "__main__":
    main()
