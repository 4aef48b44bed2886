namespace SchemaStream.Json.Compatibility;

/// <summary>How severe a comparison is.</summary>
public enum JsonCompatibilityPolicy
{
    /// <summary>Old data must be valid under the new schema, whatever it holds that the old schema did not name.</summary>
    Strict = 0,

    /// <summary>
    /// Properties that a schema does not name are taken never to be there, so properties may be added to open content
    /// models and removed from closed ones. What is there all the same may then be refused by the new schema.
    /// </summary>
    Lenient = 1,
}
