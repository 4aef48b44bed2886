using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Schemas;

/// <summary>Arguments and options that several of the commands have.</summary>
internal static class SubjectArguments
{
    public static Argument<string> Subject() => new("subject") { Description = "The subject, such as orders-value" };

    public static Option<string> Version() => new("--version")
    {
        Description = "A version's number, or latest", HelpName = "VERSION", DefaultValueFactory = _ => "latest",
    };

    public static Option<string[]> References() => new("--reference")
    {
        Description = "A registered schema that the file names: the name (a full name, a URI, an import's path), its subject and version or latest; may be repeated",
        HelpName = "NAME=SUBJECT:VERSION",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string?> Type() => new("--type")
    {
        Description = "AVRO, JSON or PROTOBUF, where the file's extension (avsc, json, proto) does not say it", HelpName = "TYPE",
    };

    /// <summary>Null for the latest.</summary>
    public static int? ReadVersion(string text) =>
        text.Equals("latest", StringComparison.OrdinalIgnoreCase) || text == "-1" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version
        : throw ErrorCatalog.Usage.Exception($"'{text}' is no version: a number from 1, or latest, is expected.");
}
