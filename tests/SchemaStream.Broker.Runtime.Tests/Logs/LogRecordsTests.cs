using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Logs;

public sealed class LogRecordsTests
{
    [Fact]
    public void Record_WithoutAValue_IsATombstoneAndNotAnEmptyValue()
    {
        var batch = new RecordBatchBuilder().Add(1, "k"u8.ToArray(), null).Add(1, "k"u8.ToArray(), Array.Empty<byte>()).Build();
        var records = new List<LogRecord>();
        LogRecords.Read(batch, 0, records);
        records.Select(record => record.Value is null).ShouldBe([true, false]);
    }
}
