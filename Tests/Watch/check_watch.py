#!/usr/bin/env python3
"""Compares the events of a watch with what is known of make_video.py's video: each visit is told once, with the right
name or as a stranger's, where the face is; nothing else is told.

    check_watch.py truth.json events.jsonl
"""
import json
import sys


def is_at(visit, event, slack=15):
    """Whether an event is about a visit: its face is where the visit's is in that frame, or was a moment ago."""
    left, top, right, bottom = event["box"]
    for frame in range(event["frame"], event["frame"] - slack, -1):
        if str(frame) in visit["places"]:
            x, y, size = visit["places"][str(frame)]
            return abs((left + right) / 2 - x) < size / 3 and abs((top + bottom) / 2 - y) < size / 3
    return False


def main(truth_path, events_path):
    with open(truth_path) as file:
        visits = json.load(file)["visits"]
    with open(events_path) as file:
        events = [json.loads(line) for line in file]
    faults = []
    told = [[] for _ in visits]
    for event in events:
        places = [index for index, visit in enumerate(visits) if is_at(visit, event)]
        # Where two are in one place, the name decides which visit is meant.
        named = [index for index in places if visits[index]["name"] == event["name"]]
        if named:
            told[min(named, key=lambda index: len(told[index]))].append(event)
        elif places:
            faults.append(f"frame {event['frame']}: {visits[places[0]]['person']} is told as {event['name']}")
        else:
            faults.append(f"frame {event['frame']}: {event['name']} is told where nobody is")
    for visit, its in zip(visits, told):
        if len(its) != 1:
            first = min(map(int, visit["places"]))
            faults.append(f"the visit of {visit['person']} from frame {first} on is told {len(its)} times")
    for fault in faults:
        print(fault)
    strangers = sum(visit["name"] is None for visit in visits)
    print(f"{len(visits)} visits, {strangers} of strangers; {len(events)} events, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
