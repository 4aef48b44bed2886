namespace SchemaStream.Protobuf.Compatibility;

/// <summary>The ways in which two Protobuf schemas can differ, in Confluent's words.</summary>
public static class DifferenceKinds
{
    /// <summary>The package is another one.</summary>
    public const string PackageChanged = "PACKAGE_CHANGED";

    /// <summary>A message is new.</summary>
    public const string MessageAdded = "MESSAGE_ADDED";

    /// <summary>A message is gone, or moved to another place where its old name does not find it.</summary>
    public const string MessageRemoved = "MESSAGE_REMOVED";

    /// <summary>A message stands at another place among its siblings.</summary>
    public const string MessageMoved = "MESSAGE_MOVED";

    /// <summary>An enum is new.</summary>
    public const string EnumAdded = "ENUM_ADDED";

    /// <summary>An enum is gone.</summary>
    public const string EnumRemoved = "ENUM_REMOVED";

    /// <summary>An enum has a value with a new number.</summary>
    public const string EnumConstAdded = "ENUM_CONST_ADDED";

    /// <summary>An enum's value has another name.</summary>
    public const string EnumConstChanged = "ENUM_CONST_CHANGED";

    /// <summary>A number has no name in the enum any more.</summary>
    public const string EnumConstRemoved = "ENUM_CONST_REMOVED";

    /// <summary>A field is new.</summary>
    public const string FieldAdded = "FIELD_ADDED";

    /// <summary>A field is gone.</summary>
    public const string FieldRemoved = "FIELD_REMOVED";

    /// <summary>A field has another name; its number is what counts.</summary>
    public const string FieldNameChanged = "FIELD_NAME_CHANGED";

    /// <summary>A scalar became a message, a map or a group, or the other way round.</summary>
    public const string FieldKindChanged = "FIELD_KIND_CHANGED";

    /// <summary>A scalar became one that is written differently.</summary>
    public const string FieldScalarKindChanged = "FIELD_SCALAR_KIND_CHANGED";

    /// <summary>A field is of another message, or of an imported one that changed beyond what can be read.</summary>
    public const string FieldNamedTypeChanged = "FIELD_NAMED_TYPE_CHANGED";

    /// <summary>The label of a number, a bool or an enum changed.</summary>
    public const string FieldNumericLabelChanged = "FIELD_NUMERIC_LABEL_CHANGED";

    /// <summary>The label of a string or of bytes changed.</summary>
    public const string FieldStringOrBytesLabelChanged = "FIELD_STRING_OR_BYTES_LABEL_CHANGED";

    /// <summary>A field that old data need not have is required.</summary>
    public const string RequiredFieldAdded = "REQUIRED_FIELD_ADDED";

    /// <summary>A required field is gone.</summary>
    public const string RequiredFieldRemoved = "REQUIRED_FIELD_REMOVED";

    /// <summary>A oneof is new.</summary>
    public const string OneofAdded = "ONEOF_ADDED";

    /// <summary>A oneof is gone; its fields may live on.</summary>
    public const string OneofRemoved = "ONEOF_REMOVED";

    /// <summary>A oneof has a new field.</summary>
    public const string OneofFieldAdded = "ONEOF_FIELD_ADDED";

    /// <summary>A field of a oneof is gone, while others of the same oneof are still there.</summary>
    public const string OneofFieldRemoved = "ONEOF_FIELD_REMOVED";

    /// <summary>A field of a oneof stands on its own.</summary>
    public const string OneofFieldMovedToTopLevel = "ONEOF_FIELD_MOVED_TO_TOP_LEVEL";

    /// <summary>Several fields that could be set together are in one oneof.</summary>
    public const string MultipleFieldsMovedToOneof = "MULTIPLE_FIELDS_MOVED_TO_ONEOF";

    /// <summary>A field is in a oneof with others that it could be set together with.</summary>
    public const string FieldMovedToExistingOneof = "FIELD_MOVED_TO_EXISTING_ONEOF";

    /// <summary>Whether data written before such a change can still be read.</summary>
    /// <param name="kind">One of the names above.</param>
    public static bool IsCompatible(string kind) => kind is MessageAdded or MessageMoved
        or EnumAdded or EnumRemoved or EnumConstAdded or EnumConstChanged or EnumConstRemoved
        or FieldAdded or FieldRemoved or FieldNameChanged or FieldStringOrBytesLabelChanged
        or OneofAdded or OneofRemoved or OneofFieldAdded or OneofFieldMovedToTopLevel;
}
