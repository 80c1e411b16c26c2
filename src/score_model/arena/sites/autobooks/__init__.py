"""Autobooks, the client-rendered book shop: one HTML shell, pages drawn by JavaScript, events posted late by them."""

from score_model.arena.sites.autobooks._site import AUTOBOOKS

__all__ = ["AUTOBOOKS"]
