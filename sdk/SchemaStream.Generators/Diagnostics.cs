using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators;

/// <summary>What the generator says of code that it cannot take, at the member that is meant.</summary>
internal static class Diagnostics
{
    private const string Category = "SchemaStream";

    public static readonly DiagnosticDescriptor Partial = Error(
        "SST001", "A type with [SchemaStreamContract] is not partial");

    public static readonly DiagnosticDescriptor Unsupported = Error(
        "SST002", "A type has no Avro schema");

    public static readonly DiagnosticDescriptor Construction = Error(
        "SST003", "A type cannot be made again from its members");

    public static readonly DiagnosticDescriptor Name = Error(
        "SST004", "A name is no Avro name, or is there twice");

    public static readonly DiagnosticDescriptor Default = Error(
        "SST005", "A default is no value of its type");

    public static readonly DiagnosticDescriptor Access = Error(
        "SST006", "A type cannot be seen by generated code");

    public static readonly DiagnosticDescriptor Generic = Error(
        "SST007", "A generic type with [SchemaStreamContract] has no schema of its own");

    public static readonly DiagnosticDescriptor Attribute = Error(
        "SST008", "An Avro attribute does not fit its member");

    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
        [Partial, Unsupported, Construction, Name, Default, Access, Generic, Attribute];

    private static DiagnosticDescriptor Error(string id, string title) => new(
        id, title, "{0}", Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
