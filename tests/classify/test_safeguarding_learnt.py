"""Sentences that have been looked at while the tables were mended: they guard what was won, and promise no more."""

import pytest

from mailbot import shipped
from mailbot.classify.safeguarding import Detector, load_detector

_HARM = """
I honestly do not want to be here any more.
if they stop my money im going to hang myself
ive got the rope out of the garage
My husband is scared I'll do something silly tonight.
i cut my arms again after the call with your adviser
What is the point of me even being alive?
Tell my daughter I love her, she will be fine without me.
I have enough paracetamol here to finish it.
the doctor says I am a suicide risk and you still sent the letter
I'd be worth more to them dead than alive.
Rydw i eisiau marw.
Dwi methu mynd ymlaen ddim mwy.
He turned up at the refuge because you told him the postcode.
my partner punched me and I have nowhere to go
He said he would slit my throat if I went to the appointment.
She is being beaten by her son and is too frightened to ring.
My ex is stalking me and your website has my photo with the address.
The little boy upstairs is always hungry and covered in bruises.
The care worker hit my mum and took money from her purse.
A teacher is sending my daughter pictures on Snapchat.
I'm going to stab him next time he talks to me like that.
I will burn that office to the ground with all of you in it.
We have had no electric since Friday and my baby is three weeks old.
I am on the streets tonight because of your mistake.
I haven't eaten for four days.
I ran out of my insulin and nobody will help.
thinkin about jumpin off the bridge
I took an overdose on Sunday and I am writing this from the ward.
sucidal thoughts are back since the sanction
I've said my goodbyes.
"""

_HARMLESS = """
I am writing to complain that my appointment was cancelled twice.
Your reply took so long that I nearly died of old age.
The suspense is killing me, did I get the course or not?
It would kill you to answer an email, would it?
My printer has died so I can't send the form.
We had a killer of a hill to climb to get to your office.
I was dead on my feet after the shift and missed the text.
Please cut me some slack with the deadline.
Your hold music nearly drove me round the bend.
I was gutted to be left off the list.
The decision hit our small business hard.
I have never felt suicidal, I only ticked the box by mistake.
Could you hang on to my documents until Monday?
The bin men broke my gate and left it hanging off.
I'd die of shame if the neighbours saw that letter.
I'm drowning in paperwork from your department.
Thank you for your letter. I accept the outcome.
My father died in March, please change the name on the account.
We run a food bank and would like to register it as a charity.
I would like a copy of my records.
The officer was rude and talked over me.
You have until Friday or I go to the ombudsman.
Mae'r bws yn hwyr bob dydd.
The adviser shot me down every time I spoke.
I want to end my involvement with the scheme.
Can someone please come and look at the leaking roof in our hall?
I took the letter to the Jobcentre as you asked.
Our dog bit the postman but nobody was hurt.
I'm on holiday next week and won't be here to answer.
You hit the nail on the head with that answer.
"""


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector(shipped.folder("classifiers") / "safeguarding")


def test_at_least_nine_in_ten_known_cries_for_help_are_heard(detector: Detector) -> None:
    lines = _HARM.strip().splitlines()
    missed = [line for line in lines if detector.concern(line) is None]
    assert len(missed) <= len(lines) // 10, missed


def test_at_most_one_in_ten_known_figures_of_speech_wakes_somebody(detector: Detector) -> None:
    lines = _HARMLESS.strip().splitlines()
    woken = [line for line in lines if detector.concern(line) is not None]
    assert len(woken) <= len(lines) // 10, woken
