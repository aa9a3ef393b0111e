"""What a message asks of us; the five labels that the classifier gives and cases act on."""

from enum import StrEnum


class Label(StrEnum):
    NEW_COMPLAINT = "new_complaint"
    ESCALATION = "escalation"
    ICE_CORRESPONDENCE = "ice_correspondence"
    CONTRIBUTION_REQUEST = "contribution_request"
    OTHER = "other"
