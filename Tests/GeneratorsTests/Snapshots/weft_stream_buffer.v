// Aligning buffer: a ring of 64 bytes, 8 in and 4 out.
module weft_stream_buffer (
  input  wire clock,
  input  wire reset,
  input  wire clear,
  input  wire write_enable,
  input  wire [5:0] write_position,
  input  wire [3:0] write_count,
  input  wire [3:0] write_advance,
  input  wire [63:0] write_data,
  input  wire read_pop,
  output wire read_available,
  output reg  [31:0] word
);
  reg [6:0] filled;
  reg [3:0] head;
  reg [7:0] byte0;
  reg [7:0] byte1;
  reg [7:0] byte2;
  reg [7:0] byte3;
  reg [7:0] byte4;
  reg [7:0] byte5;
  reg [7:0] byte6;
  reg [7:0] byte7;
  reg [7:0] byte8;
  reg [7:0] byte9;
  reg [7:0] byte10;
  reg [7:0] byte11;
  reg [7:0] byte12;
  reg [7:0] byte13;
  reg [7:0] byte14;
  reg [7:0] byte15;
  reg [7:0] byte16;
  reg [7:0] byte17;
  reg [7:0] byte18;
  reg [7:0] byte19;
  reg [7:0] byte20;
  reg [7:0] byte21;
  reg [7:0] byte22;
  reg [7:0] byte23;
  reg [7:0] byte24;
  reg [7:0] byte25;
  reg [7:0] byte26;
  reg [7:0] byte27;
  reg [7:0] byte28;
  reg [7:0] byte29;
  reg [7:0] byte30;
  reg [7:0] byte31;
  reg [7:0] byte32;
  reg [7:0] byte33;
  reg [7:0] byte34;
  reg [7:0] byte35;
  reg [7:0] byte36;
  reg [7:0] byte37;
  reg [7:0] byte38;
  reg [7:0] byte39;
  reg [7:0] byte40;
  reg [7:0] byte41;
  reg [7:0] byte42;
  reg [7:0] byte43;
  reg [7:0] byte44;
  reg [7:0] byte45;
  reg [7:0] byte46;
  reg [7:0] byte47;
  reg [7:0] byte48;
  reg [7:0] byte49;
  reg [7:0] byte50;
  reg [7:0] byte51;
  reg [7:0] byte52;
  reg [7:0] byte53;
  reg [7:0] byte54;
  reg [7:0] byte55;
  reg [7:0] byte56;
  reg [7:0] byte57;
  reg [7:0] byte58;
  reg [7:0] byte59;
  reg [7:0] byte60;
  reg [7:0] byte61;
  reg [7:0] byte62;
  reg [7:0] byte63;

  wire [5:0] distance0 = 6'd0 - write_position;
  wire [5:0] distance1 = 6'd1 - write_position;
  wire [5:0] distance2 = 6'd2 - write_position;
  wire [5:0] distance3 = 6'd3 - write_position;
  wire [5:0] distance4 = 6'd4 - write_position;
  wire [5:0] distance5 = 6'd5 - write_position;
  wire [5:0] distance6 = 6'd6 - write_position;
  wire [5:0] distance7 = 6'd7 - write_position;
  wire [5:0] distance8 = 6'd8 - write_position;
  wire [5:0] distance9 = 6'd9 - write_position;
  wire [5:0] distance10 = 6'd10 - write_position;
  wire [5:0] distance11 = 6'd11 - write_position;
  wire [5:0] distance12 = 6'd12 - write_position;
  wire [5:0] distance13 = 6'd13 - write_position;
  wire [5:0] distance14 = 6'd14 - write_position;
  wire [5:0] distance15 = 6'd15 - write_position;
  wire [5:0] distance16 = 6'd16 - write_position;
  wire [5:0] distance17 = 6'd17 - write_position;
  wire [5:0] distance18 = 6'd18 - write_position;
  wire [5:0] distance19 = 6'd19 - write_position;
  wire [5:0] distance20 = 6'd20 - write_position;
  wire [5:0] distance21 = 6'd21 - write_position;
  wire [5:0] distance22 = 6'd22 - write_position;
  wire [5:0] distance23 = 6'd23 - write_position;
  wire [5:0] distance24 = 6'd24 - write_position;
  wire [5:0] distance25 = 6'd25 - write_position;
  wire [5:0] distance26 = 6'd26 - write_position;
  wire [5:0] distance27 = 6'd27 - write_position;
  wire [5:0] distance28 = 6'd28 - write_position;
  wire [5:0] distance29 = 6'd29 - write_position;
  wire [5:0] distance30 = 6'd30 - write_position;
  wire [5:0] distance31 = 6'd31 - write_position;
  wire [5:0] distance32 = 6'd32 - write_position;
  wire [5:0] distance33 = 6'd33 - write_position;
  wire [5:0] distance34 = 6'd34 - write_position;
  wire [5:0] distance35 = 6'd35 - write_position;
  wire [5:0] distance36 = 6'd36 - write_position;
  wire [5:0] distance37 = 6'd37 - write_position;
  wire [5:0] distance38 = 6'd38 - write_position;
  wire [5:0] distance39 = 6'd39 - write_position;
  wire [5:0] distance40 = 6'd40 - write_position;
  wire [5:0] distance41 = 6'd41 - write_position;
  wire [5:0] distance42 = 6'd42 - write_position;
  wire [5:0] distance43 = 6'd43 - write_position;
  wire [5:0] distance44 = 6'd44 - write_position;
  wire [5:0] distance45 = 6'd45 - write_position;
  wire [5:0] distance46 = 6'd46 - write_position;
  wire [5:0] distance47 = 6'd47 - write_position;
  wire [5:0] distance48 = 6'd48 - write_position;
  wire [5:0] distance49 = 6'd49 - write_position;
  wire [5:0] distance50 = 6'd50 - write_position;
  wire [5:0] distance51 = 6'd51 - write_position;
  wire [5:0] distance52 = 6'd52 - write_position;
  wire [5:0] distance53 = 6'd53 - write_position;
  wire [5:0] distance54 = 6'd54 - write_position;
  wire [5:0] distance55 = 6'd55 - write_position;
  wire [5:0] distance56 = 6'd56 - write_position;
  wire [5:0] distance57 = 6'd57 - write_position;
  wire [5:0] distance58 = 6'd58 - write_position;
  wire [5:0] distance59 = 6'd59 - write_position;
  wire [5:0] distance60 = 6'd60 - write_position;
  wire [5:0] distance61 = 6'd61 - write_position;
  wire [5:0] distance62 = 6'd62 - write_position;
  wire [5:0] distance63 = 6'd63 - write_position;
  wire [3:0] added = write_enable ? write_advance : 4'd0;
  wire [6:0] removed = read_pop ? 7'd4 : 7'd0;

  assign read_available = filled >= 7'd4;

  always @* begin
    case (head)
      4'd0: word = {byte3, byte2, byte1, byte0};
      4'd1: word = {byte7, byte6, byte5, byte4};
      4'd2: word = {byte11, byte10, byte9, byte8};
      4'd3: word = {byte15, byte14, byte13, byte12};
      4'd4: word = {byte19, byte18, byte17, byte16};
      4'd5: word = {byte23, byte22, byte21, byte20};
      4'd6: word = {byte27, byte26, byte25, byte24};
      4'd7: word = {byte31, byte30, byte29, byte28};
      4'd8: word = {byte35, byte34, byte33, byte32};
      4'd9: word = {byte39, byte38, byte37, byte36};
      4'd10: word = {byte43, byte42, byte41, byte40};
      4'd11: word = {byte47, byte46, byte45, byte44};
      4'd12: word = {byte51, byte50, byte49, byte48};
      4'd13: word = {byte55, byte54, byte53, byte52};
      4'd14: word = {byte59, byte58, byte57, byte56};
      default: word = {byte63, byte62, byte61, byte60};
    endcase
  end

  always @(posedge clock) begin
    if (write_enable && distance0 < {2'd0, write_count}) begin
      byte0 <= write_data[7:0];
    end
    if (write_enable && distance1 < {2'd0, write_count}) begin
      byte1 <= write_data[15:8];
    end
    if (write_enable && distance2 < {2'd0, write_count}) begin
      byte2 <= write_data[23:16];
    end
    if (write_enable && distance3 < {2'd0, write_count}) begin
      byte3 <= write_data[31:24];
    end
    if (write_enable && distance4 < {2'd0, write_count}) begin
      byte4 <= write_data[39:32];
    end
    if (write_enable && distance5 < {2'd0, write_count}) begin
      byte5 <= write_data[47:40];
    end
    if (write_enable && distance6 < {2'd0, write_count}) begin
      byte6 <= write_data[55:48];
    end
    if (write_enable && distance7 < {2'd0, write_count}) begin
      byte7 <= write_data[63:56];
    end
    if (write_enable && distance8 < {2'd0, write_count}) begin
      byte8 <= write_data[7:0];
    end
    if (write_enable && distance9 < {2'd0, write_count}) begin
      byte9 <= write_data[15:8];
    end
    if (write_enable && distance10 < {2'd0, write_count}) begin
      byte10 <= write_data[23:16];
    end
    if (write_enable && distance11 < {2'd0, write_count}) begin
      byte11 <= write_data[31:24];
    end
    if (write_enable && distance12 < {2'd0, write_count}) begin
      byte12 <= write_data[39:32];
    end
    if (write_enable && distance13 < {2'd0, write_count}) begin
      byte13 <= write_data[47:40];
    end
    if (write_enable && distance14 < {2'd0, write_count}) begin
      byte14 <= write_data[55:48];
    end
    if (write_enable && distance15 < {2'd0, write_count}) begin
      byte15 <= write_data[63:56];
    end
    if (write_enable && distance16 < {2'd0, write_count}) begin
      byte16 <= write_data[7:0];
    end
    if (write_enable && distance17 < {2'd0, write_count}) begin
      byte17 <= write_data[15:8];
    end
    if (write_enable && distance18 < {2'd0, write_count}) begin
      byte18 <= write_data[23:16];
    end
    if (write_enable && distance19 < {2'd0, write_count}) begin
      byte19 <= write_data[31:24];
    end
    if (write_enable && distance20 < {2'd0, write_count}) begin
      byte20 <= write_data[39:32];
    end
    if (write_enable && distance21 < {2'd0, write_count}) begin
      byte21 <= write_data[47:40];
    end
    if (write_enable && distance22 < {2'd0, write_count}) begin
      byte22 <= write_data[55:48];
    end
    if (write_enable && distance23 < {2'd0, write_count}) begin
      byte23 <= write_data[63:56];
    end
    if (write_enable && distance24 < {2'd0, write_count}) begin
      byte24 <= write_data[7:0];
    end
    if (write_enable && distance25 < {2'd0, write_count}) begin
      byte25 <= write_data[15:8];
    end
    if (write_enable && distance26 < {2'd0, write_count}) begin
      byte26 <= write_data[23:16];
    end
    if (write_enable && distance27 < {2'd0, write_count}) begin
      byte27 <= write_data[31:24];
    end
    if (write_enable && distance28 < {2'd0, write_count}) begin
      byte28 <= write_data[39:32];
    end
    if (write_enable && distance29 < {2'd0, write_count}) begin
      byte29 <= write_data[47:40];
    end
    if (write_enable && distance30 < {2'd0, write_count}) begin
      byte30 <= write_data[55:48];
    end
    if (write_enable && distance31 < {2'd0, write_count}) begin
      byte31 <= write_data[63:56];
    end
    if (write_enable && distance32 < {2'd0, write_count}) begin
      byte32 <= write_data[7:0];
    end
    if (write_enable && distance33 < {2'd0, write_count}) begin
      byte33 <= write_data[15:8];
    end
    if (write_enable && distance34 < {2'd0, write_count}) begin
      byte34 <= write_data[23:16];
    end
    if (write_enable && distance35 < {2'd0, write_count}) begin
      byte35 <= write_data[31:24];
    end
    if (write_enable && distance36 < {2'd0, write_count}) begin
      byte36 <= write_data[39:32];
    end
    if (write_enable && distance37 < {2'd0, write_count}) begin
      byte37 <= write_data[47:40];
    end
    if (write_enable && distance38 < {2'd0, write_count}) begin
      byte38 <= write_data[55:48];
    end
    if (write_enable && distance39 < {2'd0, write_count}) begin
      byte39 <= write_data[63:56];
    end
    if (write_enable && distance40 < {2'd0, write_count}) begin
      byte40 <= write_data[7:0];
    end
    if (write_enable && distance41 < {2'd0, write_count}) begin
      byte41 <= write_data[15:8];
    end
    if (write_enable && distance42 < {2'd0, write_count}) begin
      byte42 <= write_data[23:16];
    end
    if (write_enable && distance43 < {2'd0, write_count}) begin
      byte43 <= write_data[31:24];
    end
    if (write_enable && distance44 < {2'd0, write_count}) begin
      byte44 <= write_data[39:32];
    end
    if (write_enable && distance45 < {2'd0, write_count}) begin
      byte45 <= write_data[47:40];
    end
    if (write_enable && distance46 < {2'd0, write_count}) begin
      byte46 <= write_data[55:48];
    end
    if (write_enable && distance47 < {2'd0, write_count}) begin
      byte47 <= write_data[63:56];
    end
    if (write_enable && distance48 < {2'd0, write_count}) begin
      byte48 <= write_data[7:0];
    end
    if (write_enable && distance49 < {2'd0, write_count}) begin
      byte49 <= write_data[15:8];
    end
    if (write_enable && distance50 < {2'd0, write_count}) begin
      byte50 <= write_data[23:16];
    end
    if (write_enable && distance51 < {2'd0, write_count}) begin
      byte51 <= write_data[31:24];
    end
    if (write_enable && distance52 < {2'd0, write_count}) begin
      byte52 <= write_data[39:32];
    end
    if (write_enable && distance53 < {2'd0, write_count}) begin
      byte53 <= write_data[47:40];
    end
    if (write_enable && distance54 < {2'd0, write_count}) begin
      byte54 <= write_data[55:48];
    end
    if (write_enable && distance55 < {2'd0, write_count}) begin
      byte55 <= write_data[63:56];
    end
    if (write_enable && distance56 < {2'd0, write_count}) begin
      byte56 <= write_data[7:0];
    end
    if (write_enable && distance57 < {2'd0, write_count}) begin
      byte57 <= write_data[15:8];
    end
    if (write_enable && distance58 < {2'd0, write_count}) begin
      byte58 <= write_data[23:16];
    end
    if (write_enable && distance59 < {2'd0, write_count}) begin
      byte59 <= write_data[31:24];
    end
    if (write_enable && distance60 < {2'd0, write_count}) begin
      byte60 <= write_data[39:32];
    end
    if (write_enable && distance61 < {2'd0, write_count}) begin
      byte61 <= write_data[47:40];
    end
    if (write_enable && distance62 < {2'd0, write_count}) begin
      byte62 <= write_data[55:48];
    end
    if (write_enable && distance63 < {2'd0, write_count}) begin
      byte63 <= write_data[63:56];
    end
    if (clear) begin
      filled <= 7'd0;
      head <= 4'd0;
    end else begin
      filled <= filled + {3'd0, added} - removed;
      if (read_pop) begin
        head <= head + 4'd1;
      end
    end
    if (reset) begin
      filled <= 7'd0;
      head <= 4'd0;
    end
  end
endmodule
