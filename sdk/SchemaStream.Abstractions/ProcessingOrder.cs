namespace SchemaStream;

/// <summary>Which records are handled strictly one after the other, in the order of their offsets.</summary>
public enum ProcessingOrder
{
    /// <summary>Those of one partition.</summary>
    Partition = 0,

    /// <summary>Those of one key: several keys of a partition are handled at once. Records without a key keep their partition's order.</summary>
    Key = 1,
}
