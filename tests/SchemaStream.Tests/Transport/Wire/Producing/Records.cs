using System.Buffers;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>Records as the SDK hands them to a transport.</summary>
internal static class Records
{
    public static EncodedRecord Of(byte[]? key, byte[]? value, RecordOptions options = default)
    {
        var record = EncodedRecord.Rent(in options);
        if (key is not null)
        {
            record.Write(key);
            record.EndKey();
        }

        if (value is not null)
        {
            record.Write(value);
            record.EndValue();
        }

        return record;
    }

    public static EncodedRecord Of(int id, int partition) => Of(null, BitConverter.GetBytes(id), new RecordOptions { Partition = partition });
}
