namespace SchemaStream.Avro.Compatibility;

/// <summary>The rules a pair of Avro schemas can break, in Confluent's words.</summary>
public static class CompatibilityKinds
{
    /// <summary>The types differ and the writer's is not promoted to the reader's.</summary>
    public const string TypeMismatch = "TYPE_MISMATCH";

    /// <summary>Named types of different simple names, and no alias of the reader's says otherwise.</summary>
    public const string NameMismatch = "NAME_MISMATCH";

    /// <summary>Fixeds of different sizes.</summary>
    public const string FixedSizeMismatch = "FIXED_SIZE_MISMATCH";

    /// <summary>The writer has symbols that the reader's enum lacks, and the reader's has no default.</summary>
    public const string MissingEnumSymbols = "MISSING_ENUM_SYMBOLS";

    /// <summary>The reader has no branch for something that the writer writes.</summary>
    public const string MissingUnionBranch = "MISSING_UNION_BRANCH";

    /// <summary>The reader has a field that the writer lacks, without a default.</summary>
    public const string ReaderFieldMissingDefaultValue = "READER_FIELD_MISSING_DEFAULT_VALUE";

    /// <summary>The bytes can be read and mean something else; found under the policy LOGICAL alone.</summary>
    public const string LogicalTypeMismatch = "LOGICAL_TYPE_MISMATCH";
}
