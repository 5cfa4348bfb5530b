"""Any editor, by file: OpenTimelineIO and Final Cut Pro 7 XML, which Premiere, Resolve and others exchange."""
