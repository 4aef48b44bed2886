namespace SchemaStream.Protobuf.Compatibility;

/// <summary>What is told of a difference that is not compatible. "the reader" and "the writer" are put in words by who knows them.</summary>
internal static class DifferenceMessages
{
    public static string Of(string kind, string path) => kind switch
    {
        DifferenceKinds.PackageChanged =>
            $"The package at path '{path}' in the reader is not the package in the writer",
        DifferenceKinds.MessageRemoved =>
            $"The message at path '{path}' in the writer is missing in the reader",
        DifferenceKinds.FieldKindChanged =>
            $"The field at path '{path}' is a scalar, a message, a group or a map in the reader, and another of these in the writer",
        DifferenceKinds.FieldScalarKindChanged =>
            $"The scalar field at path '{path}' in the reader is not written as in the writer",
        DifferenceKinds.FieldNamedTypeChanged =>
            $"The message type of the field at path '{path}' in the reader does not match its type in the writer",
        DifferenceKinds.FieldNumericLabelChanged =>
            $"The label of the numeric field at path '{path}' in the reader does not match its label in the writer",
        DifferenceKinds.RequiredFieldAdded =>
            $"The field at path '{path}' is required in the reader, but not in the writer",
        DifferenceKinds.RequiredFieldRemoved =>
            $"The required field at path '{path}' in the writer is missing in the reader",
        DifferenceKinds.OneofFieldRemoved =>
            $"The oneof field at path '{path}' in the writer is missing in the reader",
        DifferenceKinds.MultipleFieldsMovedToOneof =>
            $"Several fields of the oneof at path '{path}' in the reader are outside of a oneof in the writer",
        DifferenceKinds.FieldMovedToExistingOneof =>
            $"A field of the oneof at path '{path}' in the reader is outside of that oneof in the writer",
        _ => $"What is at path '{path}' in the reader differs from the writer",
    };
}
