namespace SchemaStream.Protobuf.Parsing;

/// <summary>One token; a string's text is as written, with its quotes and escapes.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Place Place);
