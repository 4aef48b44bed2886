using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <content>Members and constructors.</content>
internal sealed partial class ShapeReader
{
    private readonly NullabilityInfoContext _nullability = new();

    private RecordShape ReadRecord(Type type)
    {
        var shape = new RecordShape(type);
        _named.Add(type, shape);
        var candidates = Candidates(type);
        var (constructor, taken) = ChooseConstructor(type, candidates);
        var parameters = constructor?.GetParameters() ?? [];
        var members = new List<MemberShape>();
        foreach (var candidate in candidates)
        {
            var index = Array.IndexOf(taken, candidate);
            if (index < 0 && !CanSet(candidate))
            {
                RefuseIfItHoldsData(candidate);
                continue;
            }

            members.Add(ReadMember(type, candidate, index < 0 ? PositionalParameter(type, candidate) : parameters[index]));
        }

        if (members.GroupBy(member => member.AvroName).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new AvroSchemaException($"{type.Name} has two members with the Avro name \"{twice.Key}\": rename one with [AvroName]");
        }

        shape.Members = [.. members.OrderBy(member => member.Place)];
        shape.Constructor = constructor;
        shape.ConstructorMembers = [.. taken.Select(member => members.First(shape => shape.Member == member))];
        return shape;
    }

    /// <summary>The instance members that hold data, base types first, in the order declared.</summary>
    private static List<MemberInfo> Candidates(Type type)
    {
        const BindingFlags flags = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var lineage = new Stack<Type>();
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
        {
            lineage.Push(t);
        }

        var members = new List<MemberInfo>();
        foreach (var t in lineage)
        {
            var declared = t.GetMembers(flags)
                .Where(member => member is FieldInfo or PropertyInfo { GetMethod.IsPublic: true } && !member.IsDefined(typeof(AvroIgnoreAttribute)))
                .Where(member => member is not PropertyInfo property || property.GetIndexParameters().Length == 0)
                .OrderBy(member => member.MemberType == MemberTypes.Field ? 1 : 0)
                .ThenBy(member => member.MetadataToken);
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

    /// <summary>
    /// The public constructor with which every member that needs one is set; of several the one that takes most members that
    /// have no setter, since a getter over a field of its own tells nothing of that; and of those the one with the fewest
    /// parameters.
    /// </summary>
    private static (ConstructorInfo? Constructor, MemberInfo[] Taken) ChooseConstructor(Type type, List<MemberInfo> candidates)
    {
        var needed = candidates.Where(member => !CanSet(member) && HoldsData(member)).ToHashSet();
        var (constructor, taken) = type.GetConstructors()
            .Select(constructor => (Constructor: constructor, Taken: TakenBy(constructor, candidates)))
            .Where(way => way.Taken.Length == way.Constructor.GetParameters().Length && needed.IsSubsetOf(way.Taken))
            .OrderByDescending(way => way.Taken.Count(member => !CanSet(member)))
            .ThenBy(way => way.Taken.Length)
            .FirstOrDefault();
        if (type.IsValueType && needed.Count == 0 && (constructor is null || taken.All(CanSet)))
        {
            return (null, []);
        }

        if (constructor is not null)
        {
            return (constructor, taken);
        }

        var advice = needed.Count == 0
            ? "it needs a public constructor without parameters, or one whose parameters are named as its properties"
            : $"{needed.First().Name} has no setter: give it one (or init), let a public constructor take it by name, or leave it out with [AvroIgnore]";
        throw new AvroSchemaException($"{TypeNames.Readable(type)} cannot be made from its members: {advice}.");
    }

    private static MemberInfo[] TakenBy(ConstructorInfo constructor, List<MemberInfo> candidates) =>
        [.. constructor.GetParameters().Select(parameter => MemberOf(parameter, candidates)).OfType<MemberInfo>()];

    private static MemberInfo? MemberOf(ParameterInfo parameter, List<MemberInfo> candidates)
    {
        var member = candidates.Find(member => string.Equals(member.Name, parameter.Name, StringComparison.Ordinal))
            ?? candidates.Find(member => string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
        return member is not null && parameter.ParameterType.IsAssignableFrom(TypeOf(member)) ? member : null;
    }

    /// <summary>
    /// The parameter that a positional record declares its member by, where another constructor makes the value, as it
    /// does for every record struct: the attributes are there.
    /// </summary>
    private static ParameterInfo? PositionalParameter(Type type, MemberInfo member) =>
        type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .FirstOrDefault(parameter => parameter.Name == member.Name && parameter.ParameterType == TypeOf(member));

    private MemberShape ReadMember(Type type, MemberInfo member, ParameterInfo? parameter)
    {
        // On a positional record's parameter an attribute stays on the parameter.
        var name = Attribute<AvroNameAttribute>(member, parameter)?.Name ?? member.Name;
        var path = $"{TypeNames.Readable(type)}.{member.Name}";
        if (!AvroName.IsSimple(name))
        {
            throw new AvroSchemaException($"{path}: \"{name}\" is not an Avro name (ASCII letters, digits, underscores); give it one with [AvroName]");
        }

        var shape = new MemberShape
        {
            Member = member,
            Use = MemberUse(type, member, parameter, path),
            AvroName = name,
            Aliases = [.. member.GetCustomAttributes<AvroAliasAttribute>()
                .Concat(parameter?.GetCustomAttributes<AvroAliasAttribute>() ?? []).Select(alias => alias.Name)],
            Doc = Attribute<AvroDocAttribute>(member, parameter)?.Text,
            CanSet = CanSet(member),
            Order = Attribute<AvroSortAttribute>(member, parameter)?.Order ?? AvroFieldOrder.Ascending,
            Place = Attribute<AvroOrderAttribute>(member, parameter)?.Position ?? 0,
        };
        if (Attribute<AvroDefaultAttribute>(member, parameter) is { } given)
        {
            shape.Default = ParseDefault(given.Json, path);
        }
        else if (parameter is { HasDefaultValue: true })
        {
            shape.HasParameterDefault = true;
            shape.ParameterDefault = parameter.DefaultValue;
        }

        return shape;
    }

    private ShapeUse MemberUse(Type type, MemberInfo member, ParameterInfo? parameter, string path)
    {
        var definition = type.IsGenericType
            ? type.GetGenericTypeDefinition().GetMember(member.Name, BindingFlags.Public | BindingFlags.Instance)
                .FirstOrDefault(other => other.MetadataToken == member.MetadataToken)
            : null;
        var nullability = member is PropertyInfo property ? _nullability.Create(property) : _nullability.Create((FieldInfo)member);
        var declared = definition is null ? null : DeclaredType.Of(definition);
        var use = Attribute<AvroUnionAttribute>(member, parameter) is { } union
            ? MemberUnion(TypeOf(member), union, nullability, declared, path)
            : Use(TypeOf(member), nullability, declared, path);
        if (declared is { IsAnnotated: true } && !use.Type.IsValueType)
        {
            use = use with { IsNullable = true };
        }

        if (Attribute<AvroDecimalAttribute>(member, parameter) is { } digits)
        {
            use = OnScalar(use, scalar => WithDigits(scalar, digits, path));
        }

        if (Attribute<AvroLogicalTypeAttribute>(member, parameter) is { } logical)
        {
            use = OnScalar(use, scalar => scalar is not null && ScalarSchemas.Allows(scalar.Kind, logical.Kind)
                ? scalar.With(logical: logical.Kind)
                : throw new AvroSchemaException($"{path}: a {TypeNames.Readable(use.Shape.Type)} cannot be {logical.Kind}"));
        }

        if (Attribute<AvroFixedAttribute>(member, parameter) is { } size)
        {
            var owner = TypeNames.Of(type);
            var name = AvroName.Resolve(size.Name ?? owner.Name + member.Name, owner.Namespace);
            use = OnScalar(use, scalar => scalar is not null && ScalarSchemas.AllowsFixed(scalar.Kind, size.Size)
                ? scalar.With(size: (name, size.Size))
                : throw new AvroSchemaException($"{path}: a {TypeNames.Readable(use.Shape.Type)} cannot be a fixed of {size.Size} bytes"));
        }

        if (Attribute<AvroLogicalTypeAttribute>(member, parameter) is { Kind: AvroLogicalKind.BigDecimal }
            && (Attribute<AvroDecimalAttribute>(member, parameter) is not null || Attribute<AvroFixedAttribute>(member, parameter) is not null))
        {
            throw new AvroSchemaException(
                $"{path}: a BigDecimal has the digits and the size of each value: take [AvroDecimal] and [AvroFixed] away, or [AvroLogicalType]");
        }

        return use;
    }

    /// <summary>Changes the scalar that a member is, or that the items of its collections are.</summary>
    private static ShapeUse OnScalar(ShapeUse use, Func<ScalarShape?, ScalarShape> change) => use with
    {
        Shape = use.Shape switch
        {
            SequenceShape sequence => new SequenceShape(sequence.Type, OnScalar(sequence.Item, change)),
            DictionaryShape dictionary => new DictionaryShape(dictionary.Type, OnScalar(dictionary.Value, change)),
            _ => change(use.Shape as ScalarShape),
        },
    };

    private static ScalarShape WithDigits(ScalarShape? scalar, AvroDecimalAttribute digits, string path)
    {
        if (scalar is not { Kind: ScalarKind.Decimal })
        {
            throw new AvroSchemaException($"{path}: [AvroDecimal] is for decimals");
        }

        if (digits.Precision is < 1 or > AvroDecimals.MaxPrecision || digits.Scale < 0
            || digits.Scale > Math.Min(digits.Precision, AvroDecimals.MaxScale))
        {
            throw new AvroSchemaException(
                $"{path}: a decimal has 1 to {AvroDecimals.MaxPrecision} digits, at most {AvroDecimals.MaxScale} of them after the point");
        }

        return scalar.With(digits.Precision, digits.Scale);
    }

    private static JsonElement ParseDefault(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException($"{path}: [AvroDefault] takes JSON, found {json}; a string is written with quotes, as \"\\\"none\\\"\"", e);
        }
    }

    private static T? Attribute<T>(MemberInfo member, ParameterInfo? parameter)
        where T : Attribute =>
        member.GetCustomAttribute<T>() ?? parameter?.GetCustomAttribute<T>();

    internal static Type TypeOf(MemberInfo member) =>
        member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static bool CanSet(MemberInfo member) =>
        member is PropertyInfo property ? property.SetMethod is { IsPublic: true } : !((FieldInfo)member).IsInitOnly;

    /// <summary>A field, or a property that the compiler keeps in one; a computed property says nothing new.</summary>
    private static bool HoldsData(MemberInfo member) =>
        member is FieldInfo || member.DeclaringType!
            .GetField($"<{member.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance)
            ?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;

    private static void RefuseIfItHoldsData(MemberInfo member)
    {
        if (HoldsData(member))
        {
            throw new AvroSchemaException(
                $"{member.DeclaringType!.Name}.{member.Name} could be written but not read back: give it a setter (or init), " +
                "let the constructor take it by name, or leave it out with [AvroIgnore].");
        }
    }
}
