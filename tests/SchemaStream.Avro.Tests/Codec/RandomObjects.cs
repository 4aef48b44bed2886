using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Random values of any C# type, by reflection over its members and attributes; and whether two are equal in depth.</summary>
internal sealed class RandomObjects(int seed)
{
    private const int MaxDepth = 5;

    private readonly Random _random = new(seed);
    private readonly NullabilityInfoContext _nullability = new();

    public T Of<T>() => (T)Value(typeof(T), null, [], 0)!;

    /// <summary>True when two values are of the same types and hold the same, looked at in depth.</summary>
    public static bool AreEqual(object? one, object? other)
    {
        if (one is null || other is null)
        {
            return one is null && other is null;
        }

        if (one is ReadOnlyMemory<byte> bytes)
        {
            return other is ReadOnlyMemory<byte> others && bytes.Span.SequenceEqual(others.Span);
        }

        if (one is string or decimal or Guid or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Enum || one.GetType().IsPrimitive)
        {
            return one.Equals(other);
        }

        if (one is IDictionary map)
        {
            return other is IDictionary others && map.Count == others.Count
                && map.Keys.Cast<object>().All(key => others.Contains(key) && AreEqual(map[key], others[key]));
        }

        if (one is IEnumerable items)
        {
            var (a, b) = (items.Cast<object?>().ToList(), ((IEnumerable)other).Cast<object?>().ToList());

            // The order of a set is its own affair.
            return a.Count == b.Count && (IsSet(one.GetType())
                ? a.All(item => b.Exists(candidate => AreEqual(item, candidate)))
                : a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)));
        }

        return one.GetType() == other.GetType() && Members(one.GetType()).All(member => AreEqual(Get(member, one), Get(member, other)));
    }

    private object? Value(Type type, NullabilityInfo? info, IReadOnlyList<Attribute> attributes, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return _random.Next(2) == 0 ? null : Value(underlying, null, attributes, depth);
        }

        if (!type.IsValueType && info is { ReadState: not NullabilityState.NotNull } && (depth > MaxDepth || _random.Next(2) == 0))
        {
            return null;
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(_random.Next(values.Length));
        }

        return Scalar(type, attributes) ?? Collection(type, info, attributes, depth) ?? Union(type, attributes, depth) ?? Record(type, depth);
    }

    private object? Scalar(Type type, IReadOnlyList<Attribute> attributes) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => _random.Next(2) == 0,
        TypeCode.SByte => (sbyte)_random.Next(),
        TypeCode.Byte => (byte)_random.Next(),
        TypeCode.Int16 => (short)_random.Next(),
        TypeCode.UInt16 => (ushort)_random.Next(),
        TypeCode.Int32 => (int)Number(),
        TypeCode.UInt32 => (uint)Number(),
        TypeCode.Int64 => Number(),
        TypeCode.UInt64 => (ulong)Number(),
        TypeCode.Single => (float)Number(),
        TypeCode.Double => _random.NextDouble() * Number(),
        TypeCode.Decimal => Decimal(attributes.OfType<AvroDecimalAttribute>().FirstOrDefault()),
        TypeCode.String => Text(),
        TypeCode.DateTime => Time(Kind(attributes)),
        _ when type == typeof(Guid) => new Guid(Bytes(16)),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(Time(Kind(attributes) ?? AvroLogicalKind.TimestampMicros)),
        _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber)),
        _ when type == typeof(TimeOnly) => new TimeOnly(OfDay(attributes)),
        _ when type == typeof(TimeSpan) => Span(attributes),
        _ when type == typeof(byte[]) => Bytes(Size(attributes) ?? _random.Next(40)),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(Bytes(Size(attributes) ?? _random.Next(40))),
        _ => null,
    };

    private object? Collection(Type type, NullabilityInfo? info, IReadOnlyList<Attribute> attributes, int depth)
    {
        if (type.IsArray)
        {
            return Items(type.GetElementType()!, info?.ElementType, attributes, depth);
        }

        if (!type.IsGenericType || !typeof(IEnumerable).IsAssignableFrom(type))
        {
            return null;
        }

        var arguments = type.GenericTypeArguments;
        if (arguments.Length == 2)
        {
            return Map(type, arguments[1], info?.GenericTypeArguments[1], attributes, depth);
        }

        var items = Items(arguments[0], info?.GenericTypeArguments[0], attributes, depth);
        var definition = type.GetGenericTypeDefinition();
        if (definition.Name.StartsWith("Immutable", StringComparison.Ordinal) || definition.Name.StartsWith("IImmutable", StringComparison.Ordinal))
        {
            var factory = definition.Name.Contains("Array", StringComparison.Ordinal) ? typeof(ImmutableArray)
                : definition.Name.Contains("List", StringComparison.Ordinal) ? typeof(ImmutableList)
                : definition.Name.Contains("Sorted", StringComparison.Ordinal) ? typeof(ImmutableSortedSet)
                : definition.Name.Contains("Queue", StringComparison.Ordinal) ? typeof(ImmutableQueue)
                : typeof(ImmutableHashSet);
            return factory.GetMethods().First(method => method.Name == "CreateRange" && method.GetParameters().Length == 1
                    && method.GetParameters()[0].ParameterType.Name == "IEnumerable`1")
                .MakeGenericMethod(arguments).Invoke(null, [items]);
        }

        if (definition == typeof(FrozenSet<>))
        {
            return Made(typeof(FrozenSet), nameof(FrozenSet.ToFrozenSet), arguments, items, null);
        }

        return type.IsAssignableFrom(items.GetType()) ? items
            : type.IsInterface ? Activator.CreateInstance(typeof(HashSet<>).MakeGenericType(arguments), items)
            : Activator.CreateInstance(type, items);
    }

    private object Map(Type type, Type value, NullabilityInfo? info, IReadOnlyList<Attribute> attributes, int depth)
    {
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
        for (var i = _random.Next(depth > MaxDepth ? 1 : 4); i > 0; i--)
        {
            map[$"key-{i}ä"] = Value(value, info, attributes, depth + 1);
        }

        if (type.IsAssignableFrom(map.GetType()))
        {
            return map;
        }

        if (type.Name.StartsWith("Frozen", StringComparison.Ordinal))
        {
            return Made(typeof(FrozenDictionary), nameof(FrozenDictionary.ToFrozenDictionary), [typeof(string), value], map, null);
        }

        if (!type.Name.Contains("Immutable", StringComparison.Ordinal))
        {
            return Activator.CreateInstance(type, map)!;
        }

        var factory = type.Name.Contains("Sorted", StringComparison.Ordinal) ? typeof(ImmutableSortedDictionary) : typeof(ImmutableDictionary);
        return factory.GetMethods().First(method => method.Name == "CreateRange" && method.GetParameters().Length == 1)
            .MakeGenericMethod(typeof(string), value).Invoke(null, [map])!;
    }

    private static object Made(Type factory, string method, Type[] types, params object?[] arguments) => factory.GetMethods()
        .First(each => each.Name == method && each.GetGenericArguments().Length == types.Length && each.GetParameters().Length == arguments.Length)
        .MakeGenericMethod(types).Invoke(null, arguments)!;

    private Array Items(Type item, NullabilityInfo? info, IReadOnlyList<Attribute> attributes, int depth)
    {
        var items = Array.CreateInstance(item, _random.Next(depth > MaxDepth ? 1 : 4));
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(Value(item, info, attributes, depth + 1), i);
        }

        return items;
    }

    private object? Union(Type type, IReadOnlyList<Attribute> attributes, int depth)
    {
        var branches = attributes.OfType<AvroUnionAttribute>().FirstOrDefault()?.Types
            ?? type.GetCustomAttribute<AvroUnionAttribute>(inherit: false)?.Types
            ?? [.. type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(each => each.DerivedType)];
        if (branches.Count == 0 && type.IsAbstract)
        {
            branches = [.. type.GetNestedTypes().Where(inner => inner.IsSubclassOf(type))];
        }

        if (branches.Count == 0)
        {
            return null;
        }

        // The first branch is the one without parts, by the tests' custom: recursion ends there.
        var branch = branches[depth > MaxDepth ? 0 : _random.Next(branches.Count)];
        return branch == type ? Record(branch, depth) : Value(branch, null, [], depth + 1);
    }

    private object Record(Type type, int depth)
    {
        var constructor = type.GetConstructors().OrderBy(each => each.GetParameters().Length)
            .FirstOrDefault(each => type.IsValueType || each.GetParameters().Length == 0 || each.GetParameters().All(parameter => Find(type, parameter) is not null));
        var parameters = constructor?.GetParameters() ?? [];
        var value = constructor is null
            ? Activator.CreateInstance(type)!
            : constructor.Invoke([.. parameters.Select(parameter => Member(Find(type, parameter)!, parameter, depth))]);
        foreach (var member in Members(type).Where(member => !parameters.Any(parameter => Find(type, parameter) == member)))
        {
            switch (member)
            {
                case PropertyInfo { SetMethod.IsPublic: true } property:
                    property.SetValue(value, Member(member, null, depth));
                    break;
                case FieldInfo { IsInitOnly: false } field:
                    field.SetValue(value, Member(member, null, depth));
                    break;
            }
        }

        return value;
    }

    private object? Member(MemberInfo member, ParameterInfo? parameter, int depth)
    {
        var info = IsOfTypeParameter(member) ? null
            : member is PropertyInfo property ? _nullability.Create(property)
            : _nullability.Create((FieldInfo)member);
        Attribute[] attributes = [.. member.GetCustomAttributes(), .. parameter?.GetCustomAttributes() ?? []];
        return Value(member is PropertyInfo of ? of.PropertyType : ((FieldInfo)member).FieldType, info, attributes, depth + 1);
    }

    /// <summary>A type parameter is what its argument is: reflection says of each that it may be null.</summary>
    private static bool IsOfTypeParameter(MemberInfo member) =>
        member is { DeclaringType.IsGenericType: true }
        && member.DeclaringType.GetGenericTypeDefinition().GetProperty(member.Name)?.PropertyType.IsGenericParameter == true;

    private static MemberInfo? Find(Type type, ParameterInfo parameter) =>
        Members(type).FirstOrDefault(member => string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member is FieldInfo or PropertyInfo { GetMethod.IsPublic: true } && !member.IsDefined(typeof(AvroIgnoreAttribute))
                && member is not PropertyInfo { Name: "Schema" });

    private static object? Get(MemberInfo member, object value) =>
        member is PropertyInfo property ? property.GetValue(value) : ((FieldInfo)member).GetValue(value);

    private static bool IsSet(Type type) => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IReadOnlySet<>));

    private static AvroLogicalKind? Kind(IReadOnlyList<Attribute> attributes) => attributes.OfType<AvroLogicalTypeAttribute>().FirstOrDefault()?.Kind;

    private static int? Size(IReadOnlyList<Attribute> attributes) => attributes.OfType<AvroFixedAttribute>().FirstOrDefault()?.Size;

    private decimal Decimal(AvroDecimalAttribute? digits)
    {
        if (digits is null)
        {
            return Number() / 1000 / 100m;
        }

        var unscaled = _random.NextInt64((long)Math.Pow(10, Math.Min(digits.Precision, 18)));
        return new decimal((int)unscaled, (int)(unscaled >> 32), 0, _random.Next(2) == 0, (byte)digits.Scale);
    }

    /// <summary>An instant or clock reading that the unit holds exactly.</summary>
    private DateTime Time(AvroLogicalKind? kind) => kind switch
    {
        AvroLogicalKind.Date => new DateTime(_random.NextInt64(DateTime.MaxValue.Ticks) / TimeSpan.TicksPerDay * TimeSpan.TicksPerDay),
        AvroLogicalKind.TimestampMillis => Rounded(TimeSpan.TicksPerMillisecond, DateTimeKind.Utc),
        AvroLogicalKind.LocalTimestampMillis => Rounded(TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified),
        AvroLogicalKind.LocalTimestampMicros => Rounded(TimeSpan.TicksPerMicrosecond, DateTimeKind.Unspecified),
        AvroLogicalKind.TimestampNanos => new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(_random.NextInt64(TimeSpan.TicksPerDay)),
        AvroLogicalKind.LocalTimestampNanos => new DateTime(2000, 1, 1).AddTicks(_random.NextInt64(TimeSpan.TicksPerDay)),
        _ => Rounded(TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc),
    };

    private DateTime Rounded(long unit, DateTimeKind kind) => new(_random.NextInt64(DateTime.MaxValue.Ticks) / unit * unit, kind);

    private long OfDay(IReadOnlyList<Attribute> attributes)
    {
        var unit = Kind(attributes) == AvroLogicalKind.TimeMillis ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerMicrosecond;
        return _random.NextInt64(TimeSpan.TicksPerDay) / unit * unit;
    }

    private TimeSpan Span(IReadOnlyList<Attribute> attributes) =>
        Size(attributes) is not null ? TimeSpan.FromDays(_random.Next(1000)) + TimeSpan.FromMilliseconds(_random.Next(86_400_000))
        : Kind(attributes) is AvroLogicalKind.TimeMillis or AvroLogicalKind.TimeMicros ? new TimeSpan(OfDay(attributes))
        : new TimeSpan(Number());

    private long Number() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Text() => _random.Next(6) switch
    {
        0 => "",
        1 => new string('z', _random.Next(200)),
        2 => "grüße 😀 " + _random.Next(),
        3 => new string('ß', _random.Next(25, 80)),
        _ => "t" + _random.Next(),
    };
}
