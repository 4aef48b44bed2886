namespace SchemaStream;

/// <summary>One change of a table.</summary>
/// <typeparam name="TKey">The C# type of the key.</typeparam>
/// <typeparam name="TValue">The C# type of the value.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Value">The new value; the type's default when the key was deleted.</param>
/// <param name="IsDeleted">Whether the key was deleted, by a tombstone.</param>
/// <param name="Position">Where the record lies that made the change.</param>
public readonly record struct TableChange<TKey, TValue>(TKey Key, TValue Value, bool IsDeleted, RecordPosition Position);
