using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>A file as its text alone tells it: names not resolved, options not interpreted.</summary>
/// <param name="Proto">The descriptor so far.</param>
/// <param name="Places">Where its declarations stand in the text.</param>
internal sealed record ParsedFile(FileDescriptorProto Proto, SourcePlaces Places);
