using SchemaStream.Avro.Schemas;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators.Emit;

/// <summary>How a value without parts is written and read by the parts of the runtime library.</summary>
internal static class ScalarCode
{
    public const int RoomOfInt = 8;
    public const int UInt64Digits = 20;

    private const int RoomOfLong = 10;
    private const int RoomOfDecimal = 18;
    private const int RoomOfGuid = 37;

    /// <summary>The most bytes that a value takes; -1 when only the value tells, and the method checks by itself.</summary>
    public static int Room(ScalarShape shape) => shape.Kind switch
    {
        ScalarKind.String or ScalarKind.ByteArray or ScalarKind.Memory => -1,
        _ when shape.Fixed is { } size => size.Size,
        _ when shape.Logical is AvroLogicalKind.Date or AvroLogicalKind.TimeMillis => RoomOfInt,
        ScalarKind.Boolean => 1,
        ScalarKind.Single => sizeof(float),
        ScalarKind.Double => sizeof(double),
        ScalarKind.UInt64 or ScalarKind.Decimal => RoomOfDecimal,
        ScalarKind.Guid => RoomOfGuid,
        ScalarKind.UInt32 or ScalarKind.Int64 or ScalarKind.DateTime or ScalarKind.DateTimeOffset
            or ScalarKind.TimeOnly or ScalarKind.TimeSpan => RoomOfLong,
        _ => RoomOfInt,
    };

    /// <summary>The call that writes a value and gives the next position.</summary>
    public static string Write(ScalarShape shape, string value, string path) => shape.Kind switch
    {
        _ when shape.Fixed is { } size => WriteFixed(shape, value, path, size.Size),
        _ when shape.Logical is AvroLogicalKind.BigDecimal => Call("WriteBigDecimal", value),
        _ when shape.Logical is AvroLogicalKind.Date => Call("WriteInt", $"Times.ToDays({value})"),
        _ when shape.Logical is AvroLogicalKind.TimeMillis => Call("WriteInt", $"Times.ToMillis({value}{At(shape, path)})"),
        _ when shape.Logical is { } chosen and not AvroLogicalKind.TimeSpanTicks => Call("WriteLong", $"Times.To{Unit(chosen)}({value}{At(shape, path)})"),
        ScalarKind.Boolean => Call("WriteBoolean", value),
        ScalarKind.UInt32 or ScalarKind.Int64 => Call("WriteLong", value),
        ScalarKind.UInt64 => Call("WriteUInt64", $"{value}, {UInt64Digits}, 0, {path}"),
        ScalarKind.Single => Call("WriteFloat", value),
        ScalarKind.Double => Call("WriteDouble", value),
        ScalarKind.String => CallChecking("WriteString", value, path),
        ScalarKind.ByteArray => CallChecking("WriteByteArray", value, path),
        ScalarKind.Memory => CallChecking("WriteMemory", value, path),
        ScalarKind.Decimal => Call("WriteDecimal", $"{value}, {shape.Precision}, {shape.Scale}, {path}"),
        ScalarKind.Guid => Call("WriteGuid", value),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset or ScalarKind.TimeOnly => Call("WriteLong", $"Times.ToMicros({value})"),
        ScalarKind.DateOnly => Call("WriteInt", $"Times.ToDays({value})"),
        ScalarKind.TimeSpan => Call("WriteLong", value + ".Ticks"),
        _ => Call("WriteInt", value),
    };

    /// <summary>The expression that reads a value of the type's own schema.</summary>
    public static string Read(ScalarShape shape) => shape.Kind switch
    {
        _ when shape.Fixed is { } size => ReadFixed(shape, size.Size),
        ScalarKind.DateTime when shape.Logical is AvroLogicalKind.Date => "Times.MidnightFromDays(reader.ReadInt())",
        ScalarKind.DateTime when shape.Logical is { } chosen =>
            $"Times.{(IsLocal(chosen) ? "Local" : "Utc")}From{Unit(chosen).Replace("Local", "")}(reader.ReadLong())",
        ScalarKind.DateTimeOffset when shape.Logical is { } chosen => $"Times.OffsetFrom{Unit(chosen)}(reader.ReadLong())",
        ScalarKind.TimeOnly when shape.Logical is AvroLogicalKind.TimeMillis => "Times.TimeFromMillis(reader.ReadInt())",
        ScalarKind.TimeSpan when shape.Logical is AvroLogicalKind.TimeMillis => "Times.SpanFromMillis(reader.ReadInt())",
        ScalarKind.TimeSpan when shape.Logical is AvroLogicalKind.TimeMicros => "Times.SpanFromMicros(reader.ReadLong())",
        ScalarKind.Boolean => "reader.ReadBoolean()",
        ScalarKind.Int32 => "reader.ReadInt()",
        ScalarKind.UInt32 => "Numbers.ToUInt32(reader.ReadLong())",
        ScalarKind.Int64 => "reader.ReadLong()",
        ScalarKind.UInt64 => "reader.ReadUInt64(0)",
        ScalarKind.Single => "reader.ReadFloat()",
        ScalarKind.Double => "reader.ReadDouble()",
        ScalarKind.String => "reader.ReadString()",
        ScalarKind.ByteArray => "reader.ReadBytes()",
        ScalarKind.Memory => "reader.ReadMemory()",
        ScalarKind.Decimal when shape.Logical is AvroLogicalKind.BigDecimal => "reader.ReadBigDecimal()",
        ScalarKind.Decimal => $"reader.ReadDecimal({shape.Scale}, {Word(shape.IsScaleChosen)})",
        ScalarKind.Guid => "reader.ReadGuid()",
        ScalarKind.DateTime => "Times.UtcFromMicros(reader.ReadLong())",
        ScalarKind.DateTimeOffset => "Times.OffsetFromMicros(reader.ReadLong())",
        ScalarKind.DateOnly => "Times.FromDays(reader.ReadInt())",
        ScalarKind.TimeOnly => "Times.TimeFromMicros(reader.ReadLong())",
        ScalarKind.TimeSpan => "global::System.TimeSpan.FromTicks(reader.ReadLong())",
        _ => $"Numbers.To{shape.Kind}(reader.ReadInt())",
    };

    /// <summary>The expression that reads a value as a plan says.</summary>
    public static string ReadPlanned(ScalarShape shape, string plan) => shape.Kind == ScalarKind.Decimal
        ? $"Planned.ReadDecimal(ref reader, {plan}, {Word(shape.IsScaleChosen)})"
        : $"Planned.Read{shape.Kind}(ref reader, {plan})";

    /// <summary>Nanoseconds do not reach every year, and not every span is a time of day: those refuse, and tell where.</summary>
    private static string At(ScalarShape shape, string path) =>
        shape.Kind == ScalarKind.TimeSpan || shape.Logical is AvroLogicalKind.TimestampNanos or AvroLogicalKind.LocalTimestampNanos ? $", {path}" : "";

    private static string WriteFixed(ScalarShape shape, string value, string path, int size) => shape.Kind switch
    {
        ScalarKind.ByteArray => CallChecking("WriteFixedArray", $"{value}, {size}", path),
        ScalarKind.Memory => CallChecking("WriteFixedMemory", $"{value}, {size}", path),
        ScalarKind.Decimal => Call("WriteDecimalFixed", $"{value}, {shape.Precision}, {shape.Scale}, {size}, {path}"),
        ScalarKind.Guid => Call("WriteGuidBytes", value),
        _ => Call("WriteDuration", $"{value}, {path}"),
    };

    private static string ReadFixed(ScalarShape shape, int size) => shape.Kind switch
    {
        ScalarKind.ByteArray => $"reader.ReadFixedBytes({size})",
        ScalarKind.Memory => $"reader.ReadFixedMemory({size})",
        ScalarKind.Decimal => $"reader.ReadDecimalFixed({size}, {shape.Scale}, {Word(shape.IsScaleChosen)})",
        ScalarKind.Guid => "reader.ReadGuidBytes()",
        _ => "reader.ReadDuration()",
    };

    private static bool IsLocal(AvroLogicalKind kind) => kind >= AvroLogicalKind.LocalTimestampMillis;

    /// <summary>The ending of the methods that count in a logical type's unit.</summary>
    private static string Unit(AvroLogicalKind kind) => kind.ToString().Replace("Timestamp", "").Replace("Time", "");

    private static string Call(string method, string arguments) => $"W.{method}(ref start, position, {arguments})";

    private static string CallChecking(string method, string value, string path) =>
        $"W.{method}(ref start, position, length, {value}, {path})";

    private static string Word(bool value) => value ? "true" : "false";
}
