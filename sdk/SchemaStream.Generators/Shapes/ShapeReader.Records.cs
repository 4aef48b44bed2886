using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Shapes;

/// <content>Members and constructors.</content>
internal sealed partial class ShapeReader
{
    private RecordShape ReadRecord(INamedTypeSymbol type)
    {
        RefuseWhatCannotBeSeen(type);
        var shape = new RecordShape(type);
        _named.Add(type, shape);
        var candidates = Candidates(type);
        var (constructor, taken) = ChooseConstructor(type, candidates);
        var parameters = constructor?.Parameters ?? [];
        var members = new List<MemberShape>();
        foreach (var candidate in candidates)
        {
            var index = taken.FindIndex(member => Same(member, candidate));
            try
            {
                if (index < 0 && !CanSet(candidate))
                {
                    RefuseIfItHoldsData(candidate);
                    continue;
                }

                members.Add(ReadMember(type, candidate, index < 0 ? PositionalParameter(type, candidate) : parameters[index]));
            }
            catch (ShapeException problem)
            {
                // Each member's own problem is shown at the member.
                Problems.Add(problem);
            }
        }

        if (members.GroupBy(member => member.AvroName).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ShapeException(
                Diagnostics.Name, twice.Last().Member,
                $"{type.Name} has two members with the Avro name \"{twice.Key}\": rename one with [AvroName]");
        }

        shape.Members = [.. members.OrderBy(member => member.Place)];
        shape.Taken =
        [
            .. taken.Select((member, index) => (members.Find(other => Same(other.Member, member)), parameters[index].Type))
                .Where(pair => pair.Item1 is not null).Select(pair => (pair.Item1!, pair.Type)),
        ];
        return shape;
    }

    private void RefuseWhatCannotBeSeen(INamedTypeSymbol type)
    {
        if (type.IsFileLocal)
        {
            throw new ShapeException(
                Diagnostics.Access, type, $"{SymbolNames.Readable(type)} cannot be seen by generated code: it is of one file; make it internal or public")
            {
                IsOfGeneratedCode = true,
            };
        }

        if (!compilation.IsSymbolAccessibleWithin(type, compilation.Assembly))
        {
            throw new ShapeException(
                Diagnostics.Access, type, $"{SymbolNames.Readable(type)} cannot be seen by generated code: make it, and the types around it, internal or public")
            {
                IsOfGeneratedCode = true,
            };
        }
    }

    /// <summary>The instance members that hold data, base types first, in the order declared.</summary>
    private static List<ISymbol> Candidates(INamedTypeSymbol type)
    {
        var lineage = new Stack<INamedTypeSymbol>();
        for (var t = type; t is not null && t.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType); t = t.BaseType)
        {
            lineage.Push(t);
        }

        var members = new List<ISymbol>();
        foreach (var t in lineage)
        {
            var declared = t.GetMembers().Where(IsPublicData).OrderBy(member => member is IFieldSymbol ? 1 : 0);
            foreach (var member in declared)
            {
                // An override or a new member takes the place of the one it hides.
                var hidden = members.FindIndex(other => other.Name == member.Name);
                if (hidden >= 0)
                {
                    members[hidden] = member;
                }
                else
                {
                    members.Add(member);
                }
            }
        }

        return members;
    }

    private static bool IsPublicData(ISymbol member) =>
        member is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, IsImplicitlyDeclared: var isImplicit }
        && (member is IFieldSymbol { CanBeReferencedByName: true } or IPropertySymbol
        {
            IsIndexer: false, GetMethod.DeclaredAccessibility: Accessibility.Public,
        })
        && (!isImplicit || member is IPropertySymbol)
        && Attributes.Find(member, "AvroIgnoreAttribute") is null;

    /// <summary>
    /// The public constructor with which every member that needs one is set; of several the one that takes most members that
    /// have no setter, and of those the one with the fewest parameters.
    /// </summary>
    private (IMethodSymbol? Constructor, List<ISymbol> Taken) ChooseConstructor(INamedTypeSymbol type, List<ISymbol> candidates)
    {
        var needed = candidates.Where(member => !CanSet(member) && HoldsData(member)).ToList();
        var (constructor, taken) = type.InstanceConstructors
            .Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public
                && !(type.IsValueType && constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 0))
            .Select(constructor => (
                Constructor: constructor,
                Taken: constructor.Parameters.Select(parameter => MemberOf(parameter, candidates)).OfType<ISymbol>().ToList()))
            .Where(way => way.Taken.Count == way.Constructor.Parameters.Length
                && needed.All(member => way.Taken.Exists(other => Same(other, member))))
            .OrderByDescending(way => way.Taken.Count(member => !CanSet(member)))
            .ThenBy(way => way.Taken.Count)
            .FirstOrDefault();
        if (type.IsValueType && needed.Count == 0 && (constructor is null || taken.TrueForAll(CanSet)))
        {
            return (null, []);
        }

        if (constructor is not null)
        {
            return (constructor, taken);
        }

        var advice = needed.Count == 0
            ? "it needs a public constructor without parameters, or one whose parameters are named as its properties"
            : $"{needed[0].Name} has no setter: give it one (or init), let a public constructor take it by name, or leave it out with [AvroIgnore]";
        throw new ShapeException(
            Diagnostics.Construction, needed.Count == 0 ? type : needed[0],
            $"{SymbolNames.Readable(type)} cannot be made from its members: {advice}");
    }

    private ISymbol? MemberOf(IParameterSymbol parameter, List<ISymbol> candidates)
    {
        var member = candidates.Find(member => member.Name == parameter.Name)
            ?? candidates.Find(member => string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
        if (member is null)
        {
            return null;
        }

        var conversion = compilation.ClassifyCommonConversion(TypeOf(member), parameter.Type);
        return conversion.IsIdentity || (conversion is { Exists: true, IsImplicit: true, IsUserDefined: false, IsNumeric: false } && !parameter.Type.IsValueType)
            ? member
            : null;
    }

    /// <summary>
    /// The parameter that a positional record declares its member by, where another constructor makes the value, as it
    /// does for every record struct: the attributes are there.
    /// </summary>
    private static IParameterSymbol? PositionalParameter(INamedTypeSymbol type, ISymbol member) =>
        type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public)
            .SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(parameter => parameter.Name == member.Name && SymbolEqualityComparer.Default.Equals(parameter.Type, TypeOf(member)));

    private MemberShape ReadMember(INamedTypeSymbol type, ISymbol member, IParameterSymbol? parameter)
    {
        var name = Attributes.Find(member, parameter, "AvroNameAttribute")?.Text(0) ?? member.Name;
        var path = $"{SymbolNames.Readable(type)}.{member.Name}";
        if (!AvroName.IsSimple(name.AsSpan()))
        {
            throw new ShapeException(
                Diagnostics.Name, member,
                $"{path}: \"{name}\" is not an Avro name (ASCII letters, digits, underscores); give it one with [AvroName]");
        }

        var shape = new MemberShape
        {
            Member = member,
            Use = MemberUse(type, member, parameter, path),
            Order = (AvroFieldOrder)(Attributes.Find(member, parameter, "AvroSortAttribute")?.Number(0) ?? 0),
            Place = Attributes.Find(member, parameter, "AvroOrderAttribute")?.Number(0) ?? 0,
            AvroName = name,
            Aliases =
            [
                .. Attributes.All(member, "AvroAliasAttribute").Concat(Attributes.All(parameter, "AvroAliasAttribute"))
                    .Select(alias => alias.Text(0) ?? ""),
            ],
            Doc = Attributes.Find(member, parameter, "AvroDocAttribute")?.Text(0),
        };
        if (Attributes.Find(member, parameter, "AvroDefaultAttribute") is { } given)
        {
            shape.Default = ParseDefault(given.Text(0) ?? "", member, path);
        }
        else if (parameter is { HasExplicitDefaultValue: true })
        {
            shape.ParameterDefault = (parameter.ExplicitDefaultValue, true);
        }

        return shape;
    }

    private ShapeUse MemberUse(INamedTypeSymbol type, ISymbol member, IParameterSymbol? parameter, string path)
    {
        var declared = TypeOf(member.OriginalDefinition);
        var use = Attributes.Find(member, parameter, "AvroUnionAttribute") is { } union
            ? MemberUnion(TypeOf(member), UnionTypes.Named(union), declared, path, member)
            : Use(TypeOf(member), declared, path, member);
        if (!use.Shape.Type.IsValueType)
        {
            var isAnnotated = declared is ITypeParameterSymbol && declared.NullableAnnotation == NullableAnnotation.Annotated;
            use = use with { IsNullable = Says(member, "MaybeNullAttribute") || isAnnotated || (use.IsNullable && !Says(member, "NotNullAttribute")) };
        }

        return Chosen(use, type, member, parameter, path);
    }

    private static bool Says(ISymbol member, string attribute)
    {
        var onReturn = member is IPropertySymbol { GetMethod: { } getter } ? getter.GetReturnTypeAttributes() : [];
        return member.GetAttributes().Concat(onReturn)
            .Any(given => given.AttributeClass?.ToDisplayString() == "System.Diagnostics.CodeAnalysis." + attribute);
    }

    private static JsonElement ParseDefault(string json, ISymbol member, string path)
    {
        try
        {
            return JsonDocument.Parse(json).RootElement;
        }
        catch (JsonException)
        {
            throw new ShapeException(
                Diagnostics.Attribute, member,
                $"{path}: [AvroDefault] takes JSON, found {json}; a string is written with quotes, as \"\\\"none\\\"\"");
        }
    }

    private static ITypeSymbol TypeOf(ISymbol member) => member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;

    private static bool CanSet(ISymbol member) =>
        member is IPropertySymbol property ? property.SetMethod is { DeclaredAccessibility: Accessibility.Public } : !((IFieldSymbol)member).IsReadOnly;

    /// <summary>A field, or a property that the compiler keeps in one; a computed property says nothing new.</summary>
    private static bool HoldsData(ISymbol member) =>
        member is IFieldSymbol
        || member.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, member))

        // In another assembly's metadata fields that are private are not seen; the getter still says who wrote it.
        || (member.DeclaringSyntaxReferences.IsEmpty && member is IPropertySymbol { GetMethod: { } getter } && getter.GetAttributes().Any(
            attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute"));

    private static void RefuseIfItHoldsData(ISymbol member)
    {
        if (HoldsData(member))
        {
            throw new ShapeException(
                Diagnostics.Construction, member,
                $"{member.ContainingType.Name}.{member.Name} could be written but not read back: give it a setter (or init), " +
                "let the constructor take it by name, or leave it out with [AvroIgnore]");
        }
    }

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
