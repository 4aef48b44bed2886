namespace SchemaStream;

/// <summary>The C# type of a slot that carries nothing: <c>Topic&lt;Nothing, OrderPlaced&gt;</c> has no keys.</summary>
public readonly record struct Nothing;
