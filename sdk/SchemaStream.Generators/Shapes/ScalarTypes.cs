using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Shapes;

/// <summary>Which C# types are values without parts.</summary>
internal static class ScalarTypes
{
    private static readonly Dictionary<string, ScalarKind> Named = new()
    {
        ["System.ReadOnlyMemory<byte>"] = ScalarKind.Memory,
        ["System.Guid"] = ScalarKind.Guid,
        ["System.DateTimeOffset"] = ScalarKind.DateTimeOffset,
        ["System.DateOnly"] = ScalarKind.DateOnly,
        ["System.TimeOnly"] = ScalarKind.TimeOnly,
        ["System.TimeSpan"] = ScalarKind.TimeSpan,
    };

    public static ScalarKind? KindOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { IsSZArray: true, ElementType.SpecialType: SpecialType.System_Byte } => ScalarKind.ByteArray,
        { TypeKind: TypeKind.Enum } => null,
        { SpecialType: SpecialType.System_Boolean } => ScalarKind.Boolean,
        { SpecialType: SpecialType.System_SByte } => ScalarKind.SByte,
        { SpecialType: SpecialType.System_Byte } => ScalarKind.Byte,
        { SpecialType: SpecialType.System_Int16 } => ScalarKind.Int16,
        { SpecialType: SpecialType.System_UInt16 } => ScalarKind.UInt16,
        { SpecialType: SpecialType.System_Int32 } => ScalarKind.Int32,
        { SpecialType: SpecialType.System_UInt32 } => ScalarKind.UInt32,
        { SpecialType: SpecialType.System_Int64 } => ScalarKind.Int64,
        { SpecialType: SpecialType.System_UInt64 } => ScalarKind.UInt64,
        { SpecialType: SpecialType.System_Single } => ScalarKind.Single,
        { SpecialType: SpecialType.System_Double } => ScalarKind.Double,
        { SpecialType: SpecialType.System_String } => ScalarKind.String,
        { SpecialType: SpecialType.System_Decimal } => ScalarKind.Decimal,
        { SpecialType: SpecialType.System_DateTime } => ScalarKind.DateTime,
        INamedTypeSymbol { ContainingNamespace.Name: "System" } named when Named.TryGetValue(named.ToDisplayString(), out var kind) => kind,
        _ => null,
    };
}
