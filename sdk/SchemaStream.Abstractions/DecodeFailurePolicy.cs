namespace SchemaStream;

/// <summary>What a consumer does with a record whose bytes do not follow the topic's types. Always counted, never silent.</summary>
public enum DecodeFailurePolicy
{
    /// <summary>The loop ends with the exception, and meets the record again when it is started again.</summary>
    Throw = 0,

    /// <summary>The record is logged, counted and passed over.</summary>
    Skip = 1,
}
