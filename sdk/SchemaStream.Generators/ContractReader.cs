using System.Text;
using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;
using SchemaStream.Generators.Emit;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators;

/// <summary>An attribute to the file of its contract.</summary>
internal static class ContractReader
{
    public const string Attribute = "SchemaStream.SchemaStreamContractAttribute";
    private const string Runtime = "SchemaStream.Avro.Codec.AvroCodec`1";

    /// <summary>The contracts that attributes on one type, or in one file on the assembly, ask for.</summary>
    public static IEnumerable<ContractSource> Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var compilation = context.SemanticModel.Compilation;
        if (compilation.GetTypeByMetadataName(Runtime) is null)
        {
            // The attribute alone, without the library whose code would be generated.
            yield break;
        }

        foreach (var attribute in context.Attributes)
        {
            cancellation.ThrowIfCancellationRequested();
            var at = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation();
            var named = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as ITypeSymbol : null;
            if ((named ?? context.TargetSymbol as ITypeSymbol) is { } type)
            {
                yield return Read(compilation, type, named is null, at);
            }
        }
    }

    /// <summary>The schema of a type; null, and what is wrong, where it has none.</summary>
    public static (ShapeUse Root, AvroSchema Schema, SymbolDerivation Derivation)? Derive(
        Compilation compilation, ITypeSymbol type, List<ShapeException> problems)
    {
        var reader = new ShapeReader(compilation);
        try
        {
            var root = reader.Read(type);
            problems.AddRange(reader.Problems);
            if (problems.Count > 0)
            {
                return null;
            }

            var derivation = new SymbolDerivation();
            return (root, derivation.Use(root), derivation);
        }
        catch (ShapeException problem)
        {
            problems.AddRange(reader.Problems);
            problems.Add(problem);
            return null;
        }
        catch (AvroSchemaException problem)
        {
            problems.Add(new ShapeException(Diagnostics.Unsupported, type, problem.Message));
            return null;
        }
    }

    private static ContractSource Read(Compilation compilation, ITypeSymbol type, bool isOnType, Location? at)
    {
        var code = SymbolNames.Code(type);
        var className = ClassName(code);
        if (type is INamedTypeSymbol named && Refusal(named, isOnType) is { } refusal)
        {
            return new ContractSource(code, className, null, new([Problem.Of(refusal, at)]));
        }

        var problems = new List<ShapeException>();
        if (Derive(compilation, type, problems) is not var (root, schema, derivation))
        {
            return new ContractSource(code, className, null, new([.. problems.Select(problem => Problem.Of(problem, at))]));
        }

        var model = new ContractModel(root, derivation, schema);
        return new ContractSource(code, className, CodecEmitter.Emit(model, className, isOnType ? (INamedTypeSymbol)type : null), default);
    }

    private static ShapeException? Refusal(INamedTypeSymbol type, bool isOnType)
    {
        if (type.IsUnboundGenericType || (isOnType && SymbolNames.AllArguments(type).Count > 0))
        {
            return new ShapeException(
                Diagnostics.Generic, type,
                $"{type.Name} has a schema for each type argument: name the types that are meant, as [assembly: SchemaStreamContract(typeof({type.Name}<…>))]");
        }

        for (var around = type; isOnType && around is not null; around = around.ContainingType)
        {
            if (!CodecEmitter.IsPartial(around))
            {
                return new ShapeException(
                    Diagnostics.Partial, around, $"{around.Name} has to be partial: the other part has the generated code of {type.Name}");
            }
        }

        return null;
    }

    /// <summary>A name that says which type it is for, and is no other type's.</summary>
    private static string ClassName(string typeCode)
    {
        var name = new StringBuilder("AvroCodecOf_");
        var hash = 2166136261;
        foreach (var c in typeCode.Replace("global::", ""))
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
            hash = unchecked((hash ^ c) * 16777619);
        }

        return name.Append('_').Append(hash.ToString("x8")).ToString();
    }
}
