"""What a run is when nothing else is said; here alone, for the command line must not wait for pydantic."""

INPUT = "data/raw"
OUT = "data/processed"
LANGUAGES = ["hi", "en"]
WORKERS, MOST_WORKERS = 1, 256
BATCH_SIZE, LARGEST_BATCH = 500, 100_000
DEPLOYMENT = "khabar"
TIMEZONE = "Asia/Kolkata"
PORT = 4210
