using Microsoft.CodeAnalysis;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro.Compatibility;

namespace SchemaStream.Analyzers;

/// <summary>What the analyzer says.</summary>
internal static class Rules
{
    private const string Category = "SchemaStream";
    public const string KeepTheName = "name the type with [AvroName]";

    private const string Update = "schemastream schemas lock";

    public static readonly DiagnosticDescriptor Unreadable = Make(
        "SST100", "The lock file cannot be read", "schemas.lock cannot be read: {0}", DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor Incompatible = Make(
        "SST101", "A change breaks the compatibility of a contract",
        LockSentences.Incompatible, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor OtherType = Make(
        "SST102", "A change makes another type of a contract's",
        LockSentences.OtherType, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor Outdated = Make(
        "SST103", "A compatible change is not in the lock file",
        LockSentences.Outdated, DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor Gone = Make(
        "SST104", "A contract of the lock file is no type of the program",
        "{0} is in schemas.lock, but {1} is no type of this program. A renamed type keeps its contract with [AvroName]; a contract that ended is taken out with '" + Update + "'.",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor Unlocked = Make(
        "SST105", "A contract is not in the lock file",
        "{0} is not in schemas.lock: take it in with '" + Update + "'", DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor Frozen = Make(
        "SST106", "A frozen contract changed",
        LockSentences.Frozen, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NoSchema = Make(
        "SST107", "A change leaves a contract without a schema",
        "The contract {0} has no schema any more: {1}. Data of the contract could be neither written nor read.", DiagnosticSeverity.Error);

    /// <summary>What to do about a broken rule.</summary>
    public static string Advice(string kind) => kind switch
    {
        CompatibilityKinds.ReaderFieldMissingDefaultValue =>
            "give the member a default (nullable, an optional constructor parameter, or [AvroDefault]), or keep the field that was there",
        CompatibilityKinds.MissingEnumSymbols => "keep the values that were there, or mark one with [AvroDefault] for those that readers do not know",
        CompatibilityKinds.NameMismatch => "keep the name with [AvroName], or name the former one with [AvroAlias]",
        CompatibilityKinds.MissingUnionBranch => "keep the types that could be there, null included",
        CompatibilityKinds.FixedSizeMismatch => "keep the size, or make a new member",
        _ => "keep the type, or make a new member beside it",
    };

    private static DiagnosticDescriptor Make(string id, string title, string format, DiagnosticSeverity severity) => new(
        id, title, format, Category, severity, isEnabledByDefault: true, customTags: WellKnownDiagnosticTags.CompilationEnd);
}
