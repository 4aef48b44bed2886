using SchemaStream.Analyzers.Locks;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>What to do about a broken rule, in the words of who writes C# or <c>.proto</c> files.</summary>
internal static class LockAdvice
{
    private const string OptionalMember = "give the member a default (an optional constructor parameter, and no 'required'), or keep it as it was";

    /// <summary>The advice.</summary>
    /// <param name="rule">The rule's name, as Confluent has it.</param>
    /// <param name="format">The schema's format.</param>
    public static string Of(string rule, string format) => format switch
    {
        LockEntry.Json => OfJson(rule),
        LockEntry.Protobuf => OfProtobuf(rule),
        _ => "undo the change, or give what is new a default",
    };

    private static string OfJson(string rule) => rule switch
    {
        "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL" =>
            "keep the member, or give the subject the policy LENIENT and write the lock with --force",
        "ENUM_ARRAY_NARROWED" or "ENUM_ARRAY_CHANGED" => "keep the values that were there",
        _ when rule.StartsWith("REQUIRED_", StringComparison.Ordinal) => OptionalMember,
        _ when rule.EndsWith("_ADDED_TO_OPEN_CONTENT_MODEL", StringComparison.Ordinal) =>
            "leave it out: a schema that allows members that it does not name cannot get one (AllowAdditionalProperties)",
        _ => "keep the type, or make a new member beside it",
    };

    private static string OfProtobuf(string rule) => rule switch
    {
        "PACKAGE_CHANGED" => "keep the package",
        "MESSAGE_REMOVED" or "MESSAGE_MOVED" => "keep the message where it is",
        _ when rule.StartsWith("REQUIRED_", StringComparison.Ordinal) => "make the field optional",
        _ when rule.Contains("ONEOF", StringComparison.Ordinal) => "keep the fields inside and outside of the oneof where they were",
        _ => "keep the field's number, name, type and label, or add a field with a number of its own",
    };
}
