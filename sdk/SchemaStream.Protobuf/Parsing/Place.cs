namespace SchemaStream.Protobuf.Parsing;

/// <summary>A place in a text, both counted from 1; 0 for what was never text.</summary>
internal readonly record struct Place(int Line, int Column);
