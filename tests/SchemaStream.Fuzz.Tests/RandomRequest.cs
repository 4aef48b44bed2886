using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Fuzz.Tests;

/// <summary>
/// Fills a request with values that may hurt: extremes, nulls, names that exist and names that cannot, batches whole and
/// broken. What says how long to wait stays small, so that an answer is due at once.
/// </summary>
internal sealed class RandomRequest(Random random, FuzzWorld world)
{
    private const int LongestList = 4;
    private const int DeepestNesting = 8;
    private const int MostWaitMs = 20;

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    /// <summary>Of a hundred fields: a request with few of its fields set gets further in than one with extremes in all.</summary>
    private readonly int _fieldsSet = random.Next(4) switch { 0 => 30, 1 => 60, _ => 95 };

    /// <summary>Of a hundred numbers: those that are neither small nor right.</summary>
    private readonly int _extremes = random.Next(4) switch { 0 => 0, 1 => 5, 2 => 15, _ => 40 };

    public void Fill(IRequestMessage request, bool withNulls) => Fill(request, withNulls, 0);

    private void Fill(object target, bool withNulls, int depth)
    {
        foreach (var property in Properties.GetOrAdd(target.GetType(), Writable))
        {
            // A wait that is left out is by default a minute, and nothing would be due at once then.
            if (IsWait(property.Name) || random.Next(100) < _fieldsSet)
            {
                property.SetValue(target, Value(property.PropertyType, property.Name, withNulls, depth));
            }
        }
    }

    private object? Value(Type type, string name, bool withNulls, int depth)
    {
        var isNullable = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        if (isNullable && withNulls && random.Next(8) == 0)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsAssignableTo(typeof(IList)))
        {
            return List(type, name, withNulls, depth);
        }

        return Scalar(type, name) ?? Struct(type, withNulls, depth);
    }

    private object? Scalar(Type type, string name)
    {
        if (type == typeof(string))
        {
            return world.Text(random, name);
        }

        if (type == typeof(Guid))
        {
            return random.Next(3) switch { 0 => Guid.Empty, 1 => world.TopicId, _ => new Guid(Bytes(16)) };
        }

        if (type == typeof(ReadOnlyMemory<byte>))
        {
            return new ReadOnlyMemory<byte>(name == "Records" ? Records() : Bytes(random.Next(40)));
        }

        if (type == typeof(bool))
        {
            return random.Next(2) == 0;
        }

        if (type == typeof(double))
        {
            return random.Next(6) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -1.0, 3 => 0.0, _ => random.NextDouble() * 1e9 };
        }

        return type.IsPrimitive || type.IsEnum ? Number(type, name) : null;
    }

    private object Number(Type type, string name)
    {
        var value = IsWait(name) ? random.Next(MostWaitMs)
            : random.Next(100) < _extremes ? Extreme()
            : name == "ProducerId" ? world.ProducerId
            : name == "SessionTimeoutMs" ? 10_000
            : random.Next(10) switch { < 3 => 0, < 6 => 1, 6 => -1, 7 => random.Next(-2, 6), 8 => 3, _ => random.Next(120) };
        return unchecked(Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => (sbyte)value,
            TypeCode.Byte => (byte)value,
            TypeCode.Int16 when type.IsEnum => Enum.ToObject(type, (short)value),
            TypeCode.Int16 => (short)value,
            TypeCode.UInt16 => (ushort)value,
            TypeCode.Int32 => (int)value,
            TypeCode.UInt32 => (uint)value,
            TypeCode.Int64 => value,
            var other => (object?)null ?? throw new NotSupportedException($"{name}: {type} ({other}) has no random value yet"),
        });
    }

    private long Extreme() => random.Next(3) switch
    {
        0 => long.MaxValue >> (8 * random.Next(8)),
        1 => long.MinValue >> (8 * random.Next(8)),
        _ => random.NextInt64(long.MinValue, long.MaxValue),
    };

    private IList List(Type type, string name, bool withNulls, int depth)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        var element = type.GetGenericArguments()[0];
        if (depth < DeepestNesting)
        {
            for (var left = random.Next(LongestList + 1); left > 0; left--)
            {
                list.Add(Value(element, name, withNulls: false, depth + 1));
            }
        }

        return list;
    }

    private object Struct(Type type, bool withNulls, int depth)
    {
        var made = Activator.CreateInstance(type)!;
        Fill(made, withNulls, depth + 1);
        return made;
    }

    /// <summary>A batch as a producer makes it, or one that something happened to.</summary>
    private byte[] Records()
    {
        if (random.Next(8) == 0)
        {
            return Bytes(random.Next(200));
        }

        var builder = new RecordBatchBuilder();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            builder.Add(1_700_000_000_000 + random.Next(1000), Bytes(random.Next(8)), Bytes(random.Next(64)));
        }

        var batch = builder.Build();
        if (random.Next(2) == 0)
        {
            batch[random.Next(batch.Length)] ^= (byte)(1 << random.Next(8));
        }

        return batch;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Whether a field says how long the answer may wait.</summary>
    public static bool IsWait(string name) =>
        (name.Contains("Timeout", StringComparison.Ordinal) && name != "SessionTimeoutMs") || name.Contains("MaxWait", StringComparison.Ordinal);

    private static PropertyInfo[] Writable(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)];
}
