namespace SchemaStream.Json.Validation;

/// <summary>What stands at a place of a tape.</summary>
[Flags]
internal enum JsonTokenKind : byte
{
    None = 0,
    Null = 1,
    False = 2,
    True = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Boolean = False | True,
}

/// <summary>One value, or one name of a member, of a tape.</summary>
internal struct JsonToken
{
    /// <summary>Where its bytes begin; of a string after the quote.</summary>
    public int Start;

    /// <summary>The bytes of a scalar; how many items or members an array or object has.</summary>
    public int Length;

    /// <summary>The place after the value and all within it.</summary>
    public int Next;

    public JsonTokenKind Kind;

    /// <summary>Whether a string has escapes, so that its bytes are not its text.</summary>
    public bool HasEscapes;
}
