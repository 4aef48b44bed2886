namespace SchemaStream;

/// <summary>What a producer does when the registry does not know its schema.</summary>
public enum UnknownSchema
{
    /// <summary>It registers the schema, if the subject's compatibility level allows.</summary>
    Register = 0,

    /// <summary>It refuses to start: schemas are registered by other means, such as a deployment.</summary>
    Reject = 1,
}
