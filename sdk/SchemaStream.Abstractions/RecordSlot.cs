namespace SchemaStream;

/// <summary>The two places of a record that a topic contract types.</summary>
public enum RecordSlot
{
    /// <summary>The record's key: decides its partition.</summary>
    Key = 0,

    /// <summary>The record's value: its content.</summary>
    Value = 1,
}
