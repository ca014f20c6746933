#!/usr/bin/env python3
"""Computes the reference values of this folder: python3 tests/ReferenceValues/make.py

Plain float64 loops with the standard library only. Nothing here shares code with the product: the formulas are those of the papers and
the definitions of the functions, written a second time. Running it again writes the same files.
"""

import pathlib

import groups
import models
import objective

FOLDER = pathlib.Path(__file__).parent


def main():
    documents = {**groups.documents(), **objective.documents(groups.batch_advantages)}
    for name, document in documents.items():
        models.write_json(FOLDER / "objective" / f"{name}.json", document)
    models.write(FOLDER / "models")


if __name__ == "__main__":
    main()
