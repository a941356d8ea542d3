"""Entry point of the development server: `python run.py` serves on port 5000."""

from app import create_app

if __name__ == "__main__":
    create_app().run(port=5000)
